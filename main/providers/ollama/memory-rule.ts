import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface MemoryRuleInput {
  setting: 'auto' | 'host' | 'own';
  loopback: boolean;
  platform: NodeJS.Platform;
  procRoot: string;
}

/**
 * Whose memory Ollama's models take. On Linux loopback means this computer, in a container too: it shares the kernel's memory. In WSL, on
 * macOS and on Windows loopback can lead into a virtual machine or out of it, so there must be a process of Ollama's beside Airdock.
 */
export async function whoseMemory({ setting, loopback, platform, procRoot }: MemoryRuleInput): Promise<'host' | 'own'> {
  if (setting !== 'auto') return setting;
  if (!loopback) return 'own';
  if (platform === 'linux') return !isWsl(procRoot) || linuxNames(procRoot).includes('ollama') ? 'host' : 'own';
  const names =
    platform === 'win32'
      ? await listed('tasklist', ['/FI', 'IMAGENAME eq ollama*', '/FO', 'CSV', '/NH'])
      : await listed('ps', ['-axo', 'comm=']);
  // Where processes cannot be listed, the ordinary case: Ollama's own app.
  return names === null || /(^|[/\\"])ollama(\.exe)?\b/im.test(names) ? 'host' : 'own';
}

function isWsl(procRoot: string): boolean {
  try {
    return /microsoft/i.test(readFileSync(path.join(procRoot, 'version'), 'utf8'));
  } catch {
    return false;
  }
}

function linuxNames(procRoot: string): string[] {
  try {
    return readdirSync(procRoot)
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readComm(path.join(procRoot, pid, 'comm')));
  } catch {
    return [];
  }
}

function readComm(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function listed(command: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: 5_000, windowsHide: true, maxBuffer: 4 * 1024 * 1024 };
    execFile(command, args, options, (error, stdout) => resolve(error === null ? stdout : null));
  });
}
