/** What the commands and the panel's buttons do; one state a notebook, shown in one panel. */
export class Work {
  constructor(app, jupyter, parts, tracker) {
    this._app = app;
    this._jupyter = jupyter;
    this._parts = parts;
    this._tracker = tracker;
    this._runs = new parts.runs.Runs(jupyter);
    this._states = new Map();
    this._badges = new Map();
    this._shown = null;
  }

  /** Tell where the results are shown. */
  attach(results) {
    this._results = results;
  }

  /** Save a notebook that is open, run an action on its file, show what comes out. Never rejects. */
  async run(action, path) {
    const before = this._states.get(path);
    if (before?.running) {
      this._show(path, true);
      return;
    }
    const panel = this._panel(path);
    const state = { path, panel, action, running: true, progress: '', error: '', outcome: null, ids: [] };
    this._states.set(path, state);
    this._show(path, action !== 'tag');
    const title = `${this._parts.commands.TITLES[action][0]} ${this._parts.documents.nameOf(path)}`;
    const notice = new this._parts.notices.Notice(this._jupyter, title, () => this.cancel(path));
    const show = () => this._show(path, true);
    try {
      await this._follow(state, notice);
      notice.end(this._message(state), state.outcome.tone, this._offer(state) ?? { label: 'Show results', click: show });
    } catch (error) {
      state.error = state.cancelled ? 'Cancelled; nothing was changed.' : error.message;
      notice.end(state.error, state.cancelled ? 'mixed' : 'bad', state.cancelled ? null : { label: 'Show results', click: show });
    } finally {
      state.running = false;
      this._show(state.path, false);
    }
  }

  /** Stop what is going on for a notebook. */
  async cancel(path) {
    const state = this._states.get(path);
    if (state?.running) {
      state.cancelled = true;
      if (state.run) {
        await this._runs.cancel(state.run).catch(() => undefined);
      }
    }
  }

  /** Go to a cell, opening the notebook where needed. */
  async jump(path, cell, line) {
    const panel = this._panel(path) ?? (await this._app.commands.execute('docmanager:open', { path }));
    if (!panel?.content?.widgets) {
      return; // opened in a browser tab of its own
    }
    await panel.context.ready;
    const id = this._states.get(path)?.ids[cell - 1];
    await this._parts.cells.jump(this._app, panel, id, cell, line);
  }

  /** Open a generated file. */
  open(path) {
    return this._app.commands.execute('docmanager:open', { path });
  }

  /** How many inferred roles could be kept as tags. */
  acceptable(path) {
    return this._badges.get(this._panel(path))?.acceptable().length ?? 0;
  }

  /** Keep the inferred roles as tags and save. */
  async accept(path) {
    const panel = this._panel(path);
    this._badges.get(panel)?.accept();
    await this.run('tag', path);
  }

  /** Whether a notebook's roles are on the screen. */
  rolesVisible(path) {
    return this._badges.get(this._panel(path))?.visible ?? false;
  }

  /** Show the roles, inferring them first, or hide them. */
  async toggleRoles(path) {
    const badges = this._badges.get(this._panel(path));
    if (badges?.visible) {
      badges.visible = false;
    } else if (badges) {
      badges.visible = true;
      await this._infer(path);
    }
  }

  /** Bring the panel to the front. */
  showResults() {
    this._show(this._tracker?.currentWidget?.context.path ?? this._shown, true);
  }

  /** Follow a notebook that was opened: its roles stay true to what is saved. */
  async watch(panel) {
    const badges = new this._parts.badges.Badges(panel, this._parts.roles, this._parts.dom.element);
    this._badges.set(panel, badges);
    panel.disposed.connect(() => this._badges.delete(panel));
    badges.onChange = () => this._show(panel.context.path, false);
    panel.context.pathChanged.connect((context, path) => this._moved(panel, path));
    await panel.context.ready;
    panel.context.saveState.connect((context, state) => {
      if (state === 'completed' && badges.visible) {
        this._infer(context.path);
      }
    });
    if (badges.tagged) {
      badges.visible = true;
      await this._infer(panel.context.path);
    }
  }

  /** Show the last results of the notebook in front. */
  follow(panel) {
    if (panel && this._states.has(panel.context.path)) {
      this._show(panel.context.path, false);
    }
  }

  _message({ action, outcome }) {
    return ['convert', 'verify'].includes(action) ? `${outcome.verdict}. ${outcome.summary}` : outcome.summary;
  }

  /** What to do next with one click, if anything. */
  _offer({ action, path }) {
    if (action === 'tag' && this.acceptable(path)) {
      return { label: 'Keep as tags', click: () => this.accept(path), waits: true };
    }
    return null;
  }

  _panel(path) {
    return (path && this._tracker?.find(panel => panel.context.path === path)) ?? null;
  }

  async _follow(state, notice) {
    const { documents, cells } = this._parts;
    const { panel } = state;
    const path = documents.serverPath(this._app, state.path);
    if (panel) {
      await documents.save(panel);
      state.ids = cells.idsOf(panel);
    }
    state.run = await this._runs.start(state.action, path);
    if (state.cancelled) {
      await this._runs.cancel(state.run);
    }
    const ended = await this._runs.follow(state.run, text => {
      state.progress = text;
      notice.progress(text);
      this._show(state.path, false);
    });
    state.cancelled = ended.state === 'cancelled';
    if (ended.state !== 'done') {
      throw new Error(ended.error);
    }
    state.outcome = ended.outcome;
    if (state.action === 'convert' && this._app.commands.hasCommand('filebrowser:refresh')) {
      this._app.commands.execute('filebrowser:refresh');
    }
    if (state.action === 'tag' && panel) {
      const badges = this._badges.get(panel);
      badges.infer(ended.outcome.roles, state.ids);
      badges.visible = true;
    }
  }

  /** Ask for the roles in passing: no notification, and an error is for an explicit run to show. */
  async _infer(path) {
    const panel = this._panel(path);
    try {
      const ids = this._parts.cells.idsOf(panel);
      const run = await this._runs.start('tag', this._parts.documents.serverPath(this._app, path));
      const ended = await this._runs.follow(run, () => undefined);
      if (ended.state === 'done') {
        this._badges.get(panel)?.infer(ended.outcome.roles, ids);
      }
    } catch (error) {
      console.info(`nbprod: roles of ${path} not inferred: ${error.message}`);
    }
  }

  _moved(panel, path) {
    for (const [old, state] of [...this._states]) {
      if (state.panel === panel && old !== path) {
        this._states.delete(old);
        state.path = path;
        this._states.set(path, state);
        this._shown = this._shown === old ? path : this._shown;
        this._show(path, false);
      }
    }
  }

  _show(path, front) {
    const state = this._states.get(path) ?? (path ? { path, running: false } : null);
    if (front || this._shown === path || !this._shown) {
      this._shown = path;
      this._results.show(state && { ...state, acceptable: this.acceptable(path) });
    }
    if (front) {
      this._app.shell.activateById(this._results.widget.id);
    }
  }
}
