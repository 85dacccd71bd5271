import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** How Ollama is started on this computer, as far as files tell: that decides who can give it another port. */
export type Setup = 'systemd' | 'systemd-user' | 'macos-app' | 'windows-app' | 'by-hand';

export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  isRoot: boolean;
  exists(file: string): boolean;
}

/** The computer that this runs on. */
export const thisMachine = (): Machine => ({ platform: process.platform, home: os.homedir(), env: process.env, isRoot: process.getuid?.() === 0, exists: existsSync });

export function setupOf({ platform, home, env, exists }: Machine): Setup {
  switch (platform) {
    case 'linux':
      if (exists(userUnit(home))) return 'systemd-user';
      return ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'].some((folder) => exists(`${folder}/ollama.service`)) ? 'systemd' : 'by-hand';
    case 'darwin':
      return ['/Applications', path.posix.join(home, 'Applications')].some((folder) => exists(`${folder}/Ollama.app`)) ? 'macos-app' : 'by-hand';
    case 'win32': {
      const programs = env.LOCALAPPDATA;
      return programs !== undefined && exists(path.win32.join(programs, 'Programs', 'Ollama', 'ollama app.exe')) ? 'windows-app' : 'by-hand';
    }
    default:
      return 'by-hand';
  }
}

export const userUnit = (home: string): string => path.posix.join(home, '.config/systemd/user/ollama.service');
