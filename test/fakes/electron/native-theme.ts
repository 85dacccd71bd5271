import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

export function createNativeTheme() {
  const emitter = new EventEmitter();
  let systemDark = false;
  let source: Electron.NativeTheme['themeSource'] = 'system';
  const methods = {
    get shouldUseDarkColors() {
      return source === 'system' ? systemDark : source === 'dark';
    },
    get shouldUseHighContrastColors() {
      return false;
    },
    // The panel's own colours, whatever the app has chosen for itself.
    get shouldUseDarkColorsForSystemIntegratedUI() {
      return systemDark;
    },
    get themeSource() {
      return source;
    },
    set themeSource(next) {
      if (!['system', 'light', 'dark'].includes(next)) throw new TypeError('Error processing argument at index 0, conversion failure');
      if (next === source) return;
      source = next;
      emitter.emit('updated', {});
    },
  } satisfies Partial<Electron.NativeTheme>;
  return {
    nativeTheme: Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(methods)) as unknown as Electron.NativeTheme,
    setSystemDark(dark: boolean) {
      systemDark = dark;
      emitter.emit('updated', {});
    },
  };
}
