import { problem } from '../../../contract/index.ts';
import { ownAppImage } from '../app-image.ts';
import type { ElectronParts, Platform } from '../parts.ts';
import type { Autostart } from './autostart.ts';
import { createLoginItem } from './login-item.ts';
import { autostartFile, createXdgAutostart } from './xdg-autostart.ts';

export interface AutostartDeps {
  app: Pick<ElectronParts['app'], 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  platform: Platform;
  env: NodeJS.ProcessEnv;
  home: string;
  execPath: string;
  onFault(fault: unknown): void;
}

export function createAutostart({ app, platform, env, home, execPath, onFault }: AutostartDeps): Autostart {
  if (!app.isPackaged) return unsupported;
  if (platform !== 'linux') return createLoginItem(app, platform);
  return createXdgAutostart({ file: autostartFile(env, home), executable: ownAppImage(env, execPath) ?? execPath, onFault });
}

const why = problem('forbidden', 'Only an installed Airdock can start at login.', 'This one runs from its sources.');
const unsupported: Autostart = {
  read: async () => ({ supported: false, on: false, problem: why }),
  set: async () => ({ ok: false, problem: why }),
  repair: async () => undefined,
};
