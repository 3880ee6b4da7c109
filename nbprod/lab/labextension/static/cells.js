/** The ids of all cells, in order: a finding's cell number minus one is the place of its id. */
export const idsOf = panel => panel.content.widgets.map(cell => cell.model.id);

/** Go to a line of a cell, by the cell's id if it still exists; cells may have moved since. */
export async function jump(app, panel, id, number, line) {
  const notebook = panel.content;
  const moved = notebook.widgets.findIndex(cell => cell.model.id === id);
  const index = moved >= 0 ? moved : Math.min(number, notebook.widgets.length) - 1;
  const cell = notebook.widgets[index];
  if (!cell) {
    return;
  }
  app.shell.activateById(panel.id);
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, 'center');
  await cell.ready;
  if (cell.editor && line) {
    notebook.mode = 'edit';
    cell.editor.setCursorPosition({ line: Math.min(line, cell.editor.lineCount) - 1, column: 0 });
    cell.editor.focus();
  }
  cell.node.classList.add('nbprod-found');
  setTimeout(() => cell.node.classList.remove('nbprod-found'), 2000);
}
