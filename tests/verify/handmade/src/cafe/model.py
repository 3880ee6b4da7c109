from sklearn.ensemble import RandomForestClassifier


def fit_model(training):
    return RandomForestClassifier(n_estimators=20, random_state=0).fit(training.X, training.y)
