/** Label and caption of the actions that run nbprod. */
export const TITLES = {
  convert: ['Convert', 'Save the notebook and write its production package'],
  verify: ['Verify', 'Run notebook and package and prove that they are equal'],
  check: ['Check', 'Look for what would go wrong; nothing is run or written'],
  tag: ['Tag cells', 'Show the role of every cell and a drop-down to change it']
};

/** Add the commands and their palette entries. `work` does what they say. */
export function addCommands(app, jupyter, tracker, browsers, icon, work) {
  const isNotebook = item => item.type === 'notebook';
  const selected = () => {
    const browser = browsers?.tracker.currentWidget;
    return browser ? [...browser.selectedItems()].filter(isNotebook).map(item => item.path) : [];
  };
  const current = () => tracker?.currentWidget?.context.path;
  const paths = args => {
    if (args.path) {
      return [args.path];
    }
    return args.selected ? selected() : [current()].filter(Boolean);
  };

  for (const [action, [label, caption]] of Object.entries(TITLES)) {
    app.commands.addCommand(`nbprod:${action}`, {
      label,
      caption,
      icon: args => (action === 'convert' && args.toolbar ? icon : undefined),
      isEnabled: args => paths(args).length > 0,
      execute: args => Promise.all(paths(args).map(path => work.run(action, path)))
    });
  }
  app.commands.addCommand('nbprod:accept-roles', {
    label: 'Keep inferred roles as tags',
    isEnabled: () => work.acceptable(current()) > 0,
    execute: () => work.accept(current())
  });
  app.commands.addCommand('nbprod:show-roles', {
    label: 'Show roles on cells',
    isEnabled: () => Boolean(current()),
    isToggled: () => work.rolesVisible(current()),
    execute: () => work.toggleRoles(current())
  });
  app.commands.addCommand('nbprod:show-results', {
    label: 'Show results',
    execute: () => work.showResults()
  });
}

/** Put every command into the palette. */
export function addToPalette(palette) {
  const others = ['accept-roles', 'show-roles', 'show-results'];
  for (const command of [...Object.keys(TITLES), ...others]) {
    palette?.addItem({ command: `nbprod:${command}`, category: 'nbprod' });
  }
}
