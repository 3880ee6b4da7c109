/** Shows the role of each code cell above it, with a drop-down to change it. */
export class Badges {
  constructor(panel, roles, element) {
    this._notebook = panel.content;
    this._roles = roles;
    this._element = element;
    this._inferred = new Map();
    this._watched = new WeakSet();
    this.onChange = () => {};
    this._pending = false;
    this._refresh = () => this._soon();
    this._notebook.model?.cells.changed.connect(this._refresh);
    this._notebook.modelChanged.connect(() => {
      this._notebook.model?.cells.changed.connect(this._refresh);
      this.refresh();
    });
  }

  /** Whether the roles are on the screen. */
  get visible() {
    return this._notebook.node.classList.contains('nbprod-mod-roles');
  }

  set visible(value) {
    this._notebook.node.classList.toggle('nbprod-mod-roles', value);
    this.refresh();
  }

  /** Whether a person has given any cell a role by a tag. */
  get tagged() {
    return this._codeCells().some(cell => this._roles.taggedRole(cell.model));
  }

  /** Take what `nbprod tag` said; `ids` are the cells' at that time. */
  infer(cells, ids) {
    this._inferred = new Map(cells.map(cell => [ids[cell.cell - 1], cell]));
    this.refresh();
  }

  /** The cells whose inferred role is not a tag yet, with that role. */
  acceptable() {
    return this._codeCells()
      .map(cell => ({ model: cell.model, known: this._inferred.get(cell.model.id) }))
      .filter(({ model, known }) => known?.role && !known.said && !this._roles.taggedRole(model))
      .map(({ model, known }) => ({ model, role: known.role }));
  }

  /** Keep every inferred role as a tag, in one step that can be undone; returns how many. */
  accept() {
    const found = this.acceptable();
    this._notebook.model.sharedModel.transact(() => {
      found.forEach(({ model, role }) => this._roles.setRole(model, role));
    });
    this.refresh();
    return found.length;
  }

  /** Many cells change at once, and their widgets come after their models: look once, afterwards. */
  _soon() {
    if (!this._pending) {
      this._pending = true;
      queueMicrotask(() => {
        this._pending = false;
        this.refresh();
      });
    }
  }

  /** Bring the lines above the cells up to date. */
  refresh() {
    if (!this.visible) {
      return;
    }
    for (const cell of this._notebook.widgets) {
      if (!this._watched.has(cell)) {
        this._watched.add(cell);
        cell.model.metadataChanged.connect(this._refresh);
        // A cell that is drawn later, when it is scrolled to, puts its own parts in front of what is there.
        cell.ready?.then(this._refresh);
      }
      const old = cell.node.querySelector(':scope > .nbprod-role');
      const focused = old?.contains(document.activeElement);
      old?.remove();
      if (cell.model.type === 'code') {
        cell.node.prepend(this._line(cell.model));
      }
      if (focused) {
        cell.node.querySelector(':scope > .nbprod-role select')?.focus();
      }
    }
  }

  _codeCells() {
    return this._notebook.widgets.filter(cell => cell.model.type === 'code');
  }

  _line(model) {
    const element = this._element;
    const tagged = this._roles.taggedRole(model);
    const known = this._inferred.get(model.id);
    const shown = tagged ?? known?.role ?? null;
    const without = tagged || !known ? 'no tag' : known.said ? `said: ${known.role}` : known.role ? `inferred: ${known.role}` : 'no role';
    const options = Object.entries(this._roles.ROLES).map(([role, meaning]) =>
      element('option', { value: role, title: meaning, selected: role === tagged }, role)
    );
    const select = element(
      'select',
      { class: 'nbprod-role-choice', 'aria-label': 'Role of the cell for nbprod' },
      element('option', { value: '', selected: !tagged }, without),
      ...options
    );
    select.addEventListener('change', () => {
      this._roles.setRole(model, select.value || null);
      this.onChange();
    });
    const why = tagged ? `tag: ${this._roles.ROLES[tagged]}` : (known?.reason ?? 'run Tag cells to see the inferred role');
    const source = tagged ? 'tag' : known?.said ? 'said' : known ? 'inferred' : 'unknown';
    return element(
      'div',
      { class: 'nbprod-role', 'data-role': shown ?? 'none', 'data-source': source },
      select,
      element('span', { class: 'nbprod-role-why' }, why)
    );
  }
}
