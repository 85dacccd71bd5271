// Runs in the loader's own thread: leads every `import 'electron'` of a booted app to the stand-in of that boot, and
// gives each boot modules of its own.
const marker = 'boot';
const stub = 'airdock-electron:';

export async function resolve(specifier, context, next) {
  const boot = context.parentURL ? new URL(context.parentURL).searchParams.get(marker) : null;
  if (specifier === 'electron' || specifier.startsWith('electron/')) return { url: `${stub}${boot ?? 'last'}`, format: 'module', shortCircuit: true };
  const resolved = await next(specifier, context);
  // Packages stay shared: they are not the app's own, and some are native.
  if (boot === null || !resolved.url.startsWith('file:') || resolved.url.includes('/node_modules/')) return resolved;
  const url = new URL(resolved.url);
  url.searchParams.set(marker, boot);
  return { ...resolved, url: url.href };
}

export async function load(url, context, next) {
  if (!url.startsWith(stub)) return next(url, context);
  const names = ['app', 'BrowserWindow', 'dialog', 'ipcMain', 'Menu', 'nativeImage', 'nativeTheme', 'Notification', 'powerMonitor', 'protocol', 'screen', 'session', 'shell', 'Tray', 'utilityProcess'];
  const source = `const electron = globalThis[Symbol.for('airdock.electron')](${JSON.stringify(url.slice(stub.length))});
export default electron;
${names.map((name) => `export const ${name} = electron.${name};`).join('\n')}`;
  return { format: 'module', source, shortCircuit: true };
}
