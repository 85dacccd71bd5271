import { formatBytes } from '../../../contract/index.ts';
import type { ProviderStatus } from '../provider.ts';
import type { Present } from './presence.ts';
import type { RunnerFinder } from './runners.ts';

/** Beyond what a runner takes for itself, which Ollama's figure leaves out too (33 MiB on 0.33). */
const noteworthyBytes = 256 * 1024 * 1024;

/**
 * llama-server keeps evaluated prompts in up to 8 GiB of RAM per runner, which Ollama neither limits nor counts (its issue 18264);
 * the server's environment is handed on to it, so the limit can be set there.
 */
export function promptCacheAdvice(present: readonly Present[], finder: RunnerFinder): ProviderStatus['advice'] {
  let most: { name: string; bytes: number; server: number } | null = null;
  for (const { runner, running } of present) {
    if (runner?.slotsPort == null) continue;
    const bytes = (finder.resident(runner.pid)?.anon ?? 0) - running.size;
    if (bytes > noteworthyBytes && bytes > (most?.bytes ?? 0)) most = { name: running.name, bytes, server: runner.parent };
  }
  if (most === null) return [];
  const text =
    `${most.name} holds ${formatBytes(most.bytes)} more than Ollama says, most of it remembered prompts. ` +
    'A limit for them gives that memory back to models.';
  return [{ id: 'prompt-cache', text, parts: { name: most.name, bytes: most.bytes }, command: finder.isSystemService(most.server) ? serviceCommand : 'LLAMA_ARG_CACHE_RAM=512 ollama serve' }];
}

const serviceCommand = [
  'sudo mkdir -p /etc/systemd/system/ollama.service.d',
  `printf '[Service]\\nEnvironment=LLAMA_ARG_CACHE_RAM=512\\n' | sudo tee /etc/systemd/system/ollama.service.d/prompt-cache.conf`,
  'sudo systemctl daemon-reload',
  'sudo systemctl restart ollama',
].join(' && ');
