const LIMIT = 140; // Jupyter cuts longer messages without a sign

const short = text => (text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text);

/** The notification of one run: what it does, a way to cancel it, and how it ended. */
export class Notice {
  constructor({ apputils }, title, cancel) {
    this._notification = apputils.Notification;
    this._title = title;
    const stop = {
      label: 'Cancel',
      callback: event => {
        event.preventDefault();
        cancel();
      }
    };
    this._id = this._notification.emit(short(`${title} …`), 'in-progress', { autoClose: false, actions: [stop] });
    this._stop = stop;
  }

  /** Say what is going on. */
  progress(text) {
    if (text) {
      this._update(`${this._title}: ${text}`, 'in-progress', { autoClose: false, actions: [this._stop] });
    }
  }

  /** Say how it ended: `tone` is good, mixed or bad, `offer` a label, what to do on a click, whether to wait for one. */
  end(text, tone, offer) {
    const type = { good: 'success', mixed: 'warning', bad: 'error' }[tone];
    const actions = offer ? [{ label: offer.label, callback: offer.click }] : [];
    this._update(`${this._title}: ${text}`, type, { autoClose: tone === 'bad' || offer?.waits ? false : 8000, actions });
  }

  _update(text, type, options) {
    this._notification.update({ id: this._id, message: short(text), type, ...options });
  }
}
