from . import bundle, data, features, model
from .registry import open_registry
from .schema import RawSchema


def train(path=None):
    sources = data.load(path)
    state, training = features.fit(sources)
    folder = open_registry().path("v0001")
    folder.mkdir(parents=True)
    schema = RawSchema.learn(sources.visits, {"day", "party", "bill"})
    bundle.write_bundle(folder, state, model.fit_model(training), schema)
    return "v0001"
