import path from 'node:path';
import { userUnit, type Machine, type Setup } from './setup.ts';

/** One thing that can be done without a shell and without asking. */
export type Action = { kind: 'run'; argv: readonly [string, ...string[]] } | { kind: 'write'; file: string; content: string } | { kind: 'remove'; file: string };

/** `actions`: Airdock does it by itself; otherwise a person does, by the commands where there are any. */
export interface Step {
  text: string;
  actions: readonly Action[] | null;
  /** For a terminal, in this order; to be copied. */
  commands: readonly string[];
}

/** Sorted last, so that it counts more than what others wrote ("override.conf"). */
const DROP_IN = 'zz-airdock.conf';
const AGENT = 'airdock.ollama-port';

const systemFolder = '/etc/systemd/system/ollama.service.d';
const userFolder = (home: string): string => `${userUnit(home)}.d`;
const agentFile = (home: string): string => path.posix.join(home, 'Library/LaunchAgents', `${AGENT}.plist`);

const again = 'Quit Ollama (in the menu of its icon) and open it again.';
const run = (...argv: readonly [string, ...string[]]): Action => ({ kind: 'run', argv });
const byPerson = (text: string, ...commands: string[]): Step => ({ text, actions: null, commands });
const byAirdock = (text: string, ...actions: Action[]): Step => ({ text, actions, commands: [] });

/** What gives Ollama the port, by the way in which it is started. */
export function stepsToMove(setup: Setup, { home, isRoot }: Machine, port: number): Step[] {
  const host = `127.0.0.1:${port}`;
  const content = `[Service]\nEnvironment="OLLAMA_HOST=${host}"\n`;
  switch (setup) {
    case 'systemd': {
      const file = `${systemFolder}/${DROP_IN}`;
      const text = `Ollama’s service gets the port ${port}, in a file of its own.`;
      if (isRoot) return [byAirdock(text, { kind: 'write', file, content }, ...restart())];
      return [byPerson(text, `sudo mkdir -p ${systemFolder}`, `printf '%s\\n' '[Service]' 'Environment="OLLAMA_HOST=${host}"' | sudo tee ${file}`, 'sudo systemctl daemon-reload', 'sudo systemctl restart ollama')];
    }
    case 'systemd-user':
      return [byAirdock(`Your service of Ollama gets the port ${port}, in a file of its own.`, { kind: 'write', file: `${userFolder(home)}/${DROP_IN}`, content }, ...restart('--user'))];
    case 'macos-app':
      return [
        byAirdock(
          `Apps that you start get OLLAMA_HOST=${host}, now and after each login.`,
          { kind: 'write', file: agentFile(home), content: agent(host) },
          run('launchctl', 'setenv', 'OLLAMA_HOST', host),
        ),
        byPerson(again),
      ];
    case 'windows-app':
      return [byAirdock(`Your programs get OLLAMA_HOST=${host}.`, run('setx', 'OLLAMA_HOST', host)), byPerson(again)];
    case 'by-hand':
      return [byPerson(`End Ollama and start it on port ${port}. If it runs in a container, publish its port as 127.0.0.1:${port}:11434 instead.`, `OLLAMA_HOST=${host} ollama serve`)];
  }
}

/** Undoes that. `before`: the OLLAMA_HOST that programs got, where that is how it was moved. */
export function stepsToMoveBack(setup: Setup, { home, isRoot }: Machine, before: string | null): Step[] {
  switch (setup) {
    case 'systemd': {
      const file = `${systemFolder}/${DROP_IN}`;
      const text = 'Ollama’s service gets the port back that it had.';
      if (isRoot) return [byAirdock(text, { kind: 'remove', file }, ...restart())];
      return [byPerson(text, `sudo rm -f ${file}`, 'sudo systemctl daemon-reload', 'sudo systemctl restart ollama')];
    }
    case 'systemd-user':
      return [byAirdock('Your service of Ollama gets the port back that it had.', { kind: 'remove', file: `${userFolder(home)}/${DROP_IN}` }, ...restart('--user'))];
    case 'macos-app':
      return [
        byAirdock(
          before === null ? 'Apps that you start no longer get an OLLAMA_HOST.' : `Apps that you start get OLLAMA_HOST=${before} again, until you log out.`,
          { kind: 'remove', file: agentFile(home) },
          before === null ? run('launchctl', 'unsetenv', 'OLLAMA_HOST') : run('launchctl', 'setenv', 'OLLAMA_HOST', before),
        ),
        byPerson(again),
      ];
    case 'windows-app':
      return [
        before === null
          ? byAirdock('Your programs no longer get an OLLAMA_HOST.', run('reg', 'delete', 'HKCU\\Environment', '/v', 'OLLAMA_HOST', '/f'))
          : byAirdock(`Your programs get OLLAMA_HOST=${before} again.`, run('setx', 'OLLAMA_HOST', before)),
        byPerson(again),
      ];
    case 'by-hand':
      return [byPerson('End Ollama and start it as before.', 'ollama serve')];
  }
}

/** What tells the OLLAMA_HOST that programs get at present; null: nothing has to be asked. */
export function environmentQuery(setup: Setup): readonly [string, ...string[]] | null {
  if (setup === 'macos-app') return ['launchctl', 'getenv', 'OLLAMA_HOST'];
  return setup === 'windows-app' ? ['reg', 'query', 'HKCU\\Environment', '/v', 'OLLAMA_HOST'] : null;
}

/** Where Ollama is moved by a variable for all programs, its own command line follows it too, past Airdock: what to type in a terminal; null: nothing. */
export function throughAirdock(setup: Setup, port: number): string | null {
  if (setup === 'macos-app') return `export OLLAMA_HOST=127.0.0.1:${port}`;
  return setup === 'windows-app' ? `$env:OLLAMA_HOST = "127.0.0.1:${port}"` : null;
}

/** The value in that answer; null: there is none. */
export function environmentIn(setup: Setup, answer: string): string | null {
  const value = setup === 'windows-app' ? /^\s*OLLAMA_HOST\s+REG_\w+\s+(.*)$/im.exec(answer)?.[1] : answer;
  return value?.trim() || null;
}

function restart(...scope: string[]): Action[] {
  return [run('systemctl', ...scope, 'daemon-reload'), run('systemctl', ...scope, 'restart', 'ollama')];
}

const agent = (host: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${AGENT}</string>
  <key>ProgramArguments</key>
  <array>
    <string>/bin/launchctl</string>
    <string>setenv</string>
    <string>OLLAMA_HOST</string>
    <string>${host}</string>
  </array>
  <key>RunAtLoad</key>
  <true/>
</dict>
</plist>
`;
