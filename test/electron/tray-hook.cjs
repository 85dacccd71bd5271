/* eslint-disable @typescript-eslint/no-require-imports */
// Loaded into the real Electron before the app (-r): a native tray cannot be clicked from outside, so this keeps what the app gives it.
const { Tray } = require('electron');

const seen = { menu: null, toolTip: '', made: 0 };
const { setContextMenu, setToolTip } = Tray.prototype;
Tray.prototype.setContextMenu = function (menu) {
  seen.made += 1;
  seen.menu = menu;
  return setContextMenu.call(this, menu);
};
Tray.prototype.setToolTip = function (text) {
  seen.toolTip = text;
  return setToolTip.call(this, text);
};
globalThis.trayForTests = seen;
