// Entry: JupyterLab loads this script, calls init with the modules it shares, then asks for the plugin.
(() => {
  const script = document.currentScript;
  // Files are cached for a year, so the parts carry the version of the whole.
  const address = name => new URL(`${name}?v=${new URL(script.src).searchParams.get('v')}`, script.src).href;
  let scope = {};

  /** The host's copy of a package (its tokens must be the host's), null where it has none. */
  const host = async name => {
    const copies = Object.entries(scope[name] ?? {});
    const newest = (one, other) =>
      Number(Boolean(other[1].loaded)) - Number(Boolean(one[1].loaded)) ||
      other[0].localeCompare(one[0], undefined, { numeric: true });
    const [chosen] = copies.sort(newest);
    return chosen ? (await chosen[1].get())() : null;
  };

  const load = async () => {
    const names = ['apputils', 'notebook', 'services', 'coreutils', 'filebrowser', 'ui-components'];
    const packages = await Promise.all([...names.map(name => host(`@jupyterlab/${name}`)), host('@lumino/widgets')]);
    const jupyter = Object.fromEntries([...names, 'widgets'].map((name, index) => [name, packages[index]]));
    const parts = ['plugin', 'commands', 'work', 'runs', 'notices', 'results', 'roles', 'badges', 'cells', 'documents', 'dom'];
    const loaded = await Promise.all(parts.map(part => import(address(`${part}.js`))));
    const modules = Object.fromEntries(parts.map((part, index) => [part, loaded[index]]));
    const plugin = modules.plugin.plugin(jupyter, modules, address('nbprod.css'));
    return () => ({ __esModule: true, default: plugin });
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.nbprod = {
    init: shared => {
      scope = shared;
    },
    get: async name => {
      if (name !== './extension') {
        throw new Error(`nbprod has no module ${name}`);
      }
      return load();
    }
  };
})();
