/** Build an element. Text from notebooks only ever arrives as text, never as markup. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'click') {
      node.addEventListener('click', value);
    } else if (value !== undefined && value !== false && value !== null) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return node;
}

/** A button that looks like Jupyter's own. */
export function button(text, click, attributes = {}) {
  return element('button', { class: 'nbprod-button jp-mod-styled', type: 'button', click, ...attributes }, text);
}
