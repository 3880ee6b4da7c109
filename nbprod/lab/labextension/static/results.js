const VERBS = { convert: 'Converting', verify: 'Verifying', check: 'Checking', tag: 'Looking at the roles of' };
const applies = check => check.status !== 'n/a';
const OWN = 3; // files that rank below need a hand, or say what the notebook says
const FEW = 12; // files that are shown without folding any away
const LABELS = { convert: 'Convert', verify: 'Verify', check: 'Check', tag: 'Tag cells' };

/**
 * The panel beside the notebook: verdict, findings, checks, files and roles of the last runs.
 *
 * `actions` are run(action, path), cancel(path), open(path), jump(path, cell, line) and accept(path).
 */
export class Results {
  constructor({ widgets }, { element, button }, nameOf, icon, actions) {
    this._element = element;
    this._button = button;
    this._nameOf = nameOf;
    this._actions = actions;
    this.widget = new widgets.Widget({ node: element('div', { class: 'nbprod-results', role: 'region' }) });
    this.widget.id = 'nbprod-results';
    this.widget.title.caption = 'nbprod results';
    this.widget.title.icon = icon;
    this.widget.node.setAttribute('aria-label', 'nbprod results');
    this.show(null);
  }

  /** Show one notebook: `{path, action, running, progress, error, outcome, acceptable}`, or nothing. */
  show(state) {
    const node = this.widget.node;
    const scroll = this._path === state?.path ? node.scrollTop : 0;
    this._path = state?.path;
    node.replaceChildren(...(state ? this._page(state) : [this._empty()]));
    node.scrollTop = scroll;
  }

  _empty() {
    return this._element('p', { class: 'nbprod-hint' }, 'Open a notebook and choose Convert in the menu nbprod.');
  }

  _page(state) {
    const element = this._element;
    return [
      element('h2', { title: state.path }, this._nameOf(state.path)),
      this._buttons(state),
      state.running ? this._running(state) : null,
      state.error ? element('p', { class: 'nbprod-error', role: 'alert' }, state.error) : null,
      ...(state.outcome && !state.running ? this._outcome(state) : [])
    ].filter(Boolean);
  }

  _buttons(state) {
    const one = action =>
      this._button(LABELS[action], () => this._actions.run(action, state.path), { disabled: state.running });
    return this._element('div', { class: 'nbprod-buttons' }, ...Object.keys(LABELS).map(one));
  }

  _running(state) {
    const text = `${VERBS[state.action]} ${this._nameOf(state.path)} …`;
    return this._element(
      'div',
      { class: 'nbprod-running', role: 'status' },
      this._element('div', { class: 'nbprod-bar' }),
      this._element('span', {}, state.progress ? `${text} ${state.progress}` : text),
      this._button('Cancel', () => this._actions.cancel(state.path))
    );
  }

  _outcome({ path, outcome, acceptable }) {
    const element = this._element;
    return [
      element(
        'p',
        { class: 'nbprod-verdict', 'data-tone': outcome.tone, role: 'status' },
        element('strong', {}, outcome.verdict),
        element('span', {}, outcome.summary),
        outcome.certificate ? this._link('Open the certificate', () => this._actions.open(outcome.certificate)) : null
      ),
      this._accept(path, acceptable),
      ...this._inOrder(path, outcome),
      this._section('Roles', outcome.roles, role => this._role(path, role), true)
    ];
  }

  /** What needs a hand is read first: conflicts, errors; then what was proven, warnings, and what was written. */
  _inOrder(path, { findings, checks, files }) {
    // the same advice is said once, below the last finding in a row that has it
    const said = findings.map((finding, at) =>
      finding.advice === findings[at + 1]?.advice ? { ...finding, advice: '' } : finding
    );
    const found = this._section('Findings', said, finding => this._finding(path, finding), true);
    const checked = [
      this._section('Checks', checks.filter(applies), check => this._check(check), true),
      this._section('Do not apply', checks.filter(check => !applies(check)), check => this._check(check), false)
    ];
    if (files.some(file => file.status === 'conflict')) {
      return [...this._files(files), found];
    }
    const errors = findings.some(finding => finding.severity === 'error');
    return [...(errors ? [found, ...checked] : [...checked, found]), ...this._files(files)];
  }

  /** What needs a hand or comes from the notebook is listed, the rest of a first conversion is folded away. */
  _files(files) {
    const changed = this._changed(files);
    const first = changed.filter(file => file.rank < OWN);
    if (changed.length - first.length < FEW) {
      return [this._section('Files', changed, file => this._file(file), true)];
    }
    return [
      this._section('Files', first, file => this._file(file), true),
      this._section(first.length ? 'More files' : 'Files', changed.slice(first.length), file => this._file(file), false)
    ];
  }

  /** Files in which something happened: what needs a hand first, then what comes from the notebook. */
  _changed(files) {
    const rank = file =>
      [
        file.status === 'conflict',
        file.path === 'README.md',
        /^src\/\w+\/(features|model|data|answers)\.py$/.test(file.path),
        file.path.startsWith('src/'),
        Boolean(file.open),
        true
      ].indexOf(true);
    return files
      .filter(file => file.status !== 'unchanged')
      .map(file => ({ ...file, rank: rank(file) }))
      .sort((one, other) => one.rank - other.rank);
  }

  _section(title, items, build, open) {
    if (!items.length) {
      return null;
    }
    const summary = this._element('summary', {}, `${title} (${items.length})`);
    return this._element('details', { open }, summary, this._element('ul', {}, ...items.map(build)));
  }

  _accept(path, acceptable) {
    if (!acceptable) {
      return null;
    }
    const text = `Keep ${acceptable} inferred role${acceptable === 1 ? '' : 's'} as tags`;
    return this._button(text, () => this._actions.accept(path), { 'data-accept': true });
  }

  _finding(path, finding) {
    const element = this._element;
    const place = finding.cell ? `cell ${finding.cell}, line ${finding.line}` : '';
    const go = place ? this._link(place, () => this._actions.jump(path, finding.cell, finding.line)) : '';
    return element(
      'li',
      { class: 'nbprod-finding', 'data-severity': finding.severity },
      element('div', {}, element('code', { class: 'nbprod-code' }, finding.code), ' ', go),
      element('div', {}, finding.message),
      finding.source && !finding.message.includes(finding.source) ? element('pre', {}, finding.source) : null,
      finding.advice ? element('div', { class: 'nbprod-advice' }, finding.advice) : null
    );
  }

  _check(check) {
    const element = this._element;
    return element(
      'li',
      { class: 'nbprod-check', 'data-status': check.status },
      element('span', { class: 'nbprod-status' }, check.status),
      ` ${check.id} ${check.name} `,
      element('div', { class: 'nbprod-advice' }, check.figure)
    );
  }

  _file(file) {
    const name = file.open ? this._link(file.path, () => this._actions.open(file.open)) : file.path;
    const status = this._element('span', { class: 'nbprod-status' }, file.status);
    const detail = file.detail ? this._element('div', { class: 'nbprod-advice' }, file.detail) : null;
    return this._element('li', { class: 'nbprod-file', 'data-status': file.status }, name, ' ', status, detail);
  }

  _role(path, role) {
    const go = this._link(`cell ${role.cell}`, () => this._actions.jump(path, role.cell, 0));
    const word = this._element('strong', {}, role.role ?? '–');
    const why = this._element('div', { class: 'nbprod-advice' }, role.reason);
    return this._element('li', { class: 'nbprod-cell-role' }, go, ' ', word, role.said ? ' (said)' : '', why);
  }

  _link(text, click) {
    return this._element('button', { class: 'nbprod-link', type: 'button', click }, text);
  }
}
