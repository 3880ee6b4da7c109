/** What each role says; the order is that of the drop-down. */
export const ROLES = {
  "load": "reads data",
  "preprocessing": "makes features",
  "training": "builds and fits the model",
  "evaluate": "only measures",
  "predict": "defines the function from one request to an answer",
  "parameters": "holds settings",
  "skip": "does not exist for nbprod",
  "keep": "is kept even where nothing seems to need it"
};

/** Other words for a role. */
export const ALIASES = {
  "preprocess": "preprocessing",
  "features": "preprocessing",
  "train": "training",
  "evaluation": "evaluate"
};

const COMMENT = /^[ \t]*#[ \t]*nbprod:[ \t]*([A-Za-z][\w=.-]*)[ \t]*$/gm;

const roleOf = word => (Object.hasOwn(ROLES, word) ? word : Object.hasOwn(ALIASES, word) ? ALIASES[word] : null);

const tagsOf = model => {
  const tags = model.getMetadata('tags');
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
};

/** The role that the tags of a cell say, null when they say none; a prefixed tag counts more. */
export function taggedRole(model) {
  const tags = tagsOf(model);
  const prefixed = tags.filter(tag => tag.startsWith('nbprod:')).map(tag => roleOf(tag.slice(7)));
  return [...prefixed, ...tags.map(roleOf)].find(Boolean) ?? null;
}

/** Whether a comment in the cell says its role; only a prefixed tag counts more. */
function commented(model) {
  return [...model.sharedModel.getSource().matchAll(COMMENT)].some(match => roleOf(match[1]));
}

/** Replace the role tags of a cell; null removes them. Other tags stay. */
export function setRole(model, role) {
  const others = tagsOf(model).filter(tag => !roleOf(tag.replace(/^nbprod:/, '')));
  const tags = role ? [...others, commented(model) ? `nbprod:${role}` : role] : others;
  if (tags.length) {
    model.setMetadata('tags', tags);
  } else {
    model.deleteMetadata('tags');
  }
}
