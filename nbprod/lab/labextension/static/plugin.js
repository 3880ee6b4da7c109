// A box that leaves an open notebook; `jp-icon3` follows the theme.
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161">' +
  '<path d="M2 2h6v1.4H3.4v9.2H8V14H2z"/><path d="M5 5h3v1.2H5zM5 7.4h2v1.2H5z"/>' +
  '<path d="M12.2 4.6 15.6 8l-3.4 3.4-1-1L13 8.7H8V7.3h5L11.2 5.6z"/></g></svg>';

/** The plugin that JupyterLab and Notebook activate. */
export function plugin(jupyter, parts, stylesheet) {
  return {
    id: 'nbprod:plugin',
    description: 'Convert, verify, check and tag notebooks.',
    autoStart: true,
    optional: [
      jupyter.notebook.INotebookTracker,
      jupyter.apputils.ICommandPalette,
      ...(jupyter.filebrowser ? [jupyter.filebrowser.IFileBrowserFactory] : [])
    ],
    activate: (app, tracker, palette, browsers) => {
      document.head.append(parts.dom.element('link', { rel: 'stylesheet', href: stylesheet }));
      const icon = new jupyter['ui-components'].LabIcon({ name: 'nbprod:convert', svgstr: ICON });
      const work = new parts.work.Work(app, jupyter, parts, tracker);
      const results = new parts.results.Results(jupyter, parts.dom, parts.documents.nameOf, icon, work);
      work.attach(results);
      app.shell.add(results.widget, 'right', { rank: 900 });
      parts.commands.addCommands(app, jupyter, tracker, browsers, icon, work);
      parts.commands.addToPalette(palette);
      tracker?.widgetAdded.connect((_, panel) => work.watch(panel));
      tracker?.forEach(panel => work.watch(panel));
      tracker?.currentChanged.connect((_, panel) => work.follow(panel));
    }
  };
}
