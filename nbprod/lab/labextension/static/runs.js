/** Talk to the server extension: start a run, follow it to its end, cancel it. */
export class Runs {
  constructor({ services, coreutils }) {
    this._connection = services.ServerConnection;
    this._settings = services.ServerConnection.makeSettings();
    this._join = coreutils.URLExt.join;
  }

  /** Start an action; resolves with the run, rejects with one readable line. */
  start(action, path) {
    return this._request('POST', '', { action, path });
  }

  /** Resolve with the run when it has ended; `onProgress` hears what it says meanwhile. */
  async follow(run, onProgress) {
    let failures = 0;
    while (run.state === 'running') {
      try {
        run = await this._request('GET', `${run.id}?seen=${run.revision}`);
        failures = 0;
        onProgress(run.progress);
      } catch (error) {
        // A laptop that slept or a proxy that restarted is no reason to give up.
        failures += 1;
        if (error.status || failures > 5) {
          throw error;
        }
        await new Promise(resolve => setTimeout(resolve, 1000 * failures));
      }
    }
    return run;
  }

  /** Resolve when the run has stopped. */
  cancel(run) {
    return this._request('DELETE', run.id);
  }

  async _request(method, rest, body) {
    const url = this._join(this._settings.baseUrl, 'nbprod', 'runs', rest);
    const init = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
    let response;
    try {
      response = await this._connection.makeRequest(url.replace(/\/$/, ''), init, this._settings);
    } catch {
      throw new Error('the server does not answer; check that it is running');
    }
    const text = await response.text();
    let answer = null;
    try {
      answer = JSON.parse(text);
    } catch {
      // Jupyter answers an unknown address with a page.
    }
    if (response.ok && answer) {
      return answer;
    }
    const unknown = 'the server part of nbprod is not active; run `jupyter server extension enable nbprod.lab`';
    const error = new Error(answer?.message ?? (response.status === 404 ? unknown : response.statusText));
    error.status = response.status;
    throw error;
  }
}
