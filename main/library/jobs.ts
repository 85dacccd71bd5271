import path from 'node:path';
import { problem, type Download } from '../../contract/index.ts';
import type { PullProgress } from '../providers/model-library.ts';
import type { Provider } from '../providers/provider.ts';
import { shownAddress } from './addresses.ts';
import type { FreeDisk } from './disk.ts';
import type { Job } from './downloads.ts';
import { fileNameFor, modelNameOf, partNames } from './file-names.ts';
import { downloadGguf, removePart } from './gguf-download.ts';
import { importFiles, type ImportPlan } from './import-file.ts';

/** Into Ollama's own store. What has come stays there, also where it is given up: Ollama removes it when it starts the next time. */
export function ollamaJob(provider: Provider, name: string, watch: () => (progress: PullProgress) => Download['fit']): Job {
  return {
    kind: 'ollama',
    source: provider.id,
    key: `${provider.id}/${name}`,
    name: name.replace(/:latest$/, ''),
    from: name,
    async run({ signal, report }) {
      const pull = provider.library?.pull;
      if (!pull) return { ok: false, kept: false, problem: problem('provider-down', 'Ollama is switched off.', 'Switch it on in the settings.') };
      const fitOf = watch();
      const done = await pull({ name, signal, onProgress: (progress) => report({ ...progress, fit: fitOf(progress) }) });
      if (done.ok) return { ok: true };
      const lost = ['cancelled', 'download-failed', 'provider-down', 'disk-full'].includes(done.problem.code);
      return { ok: false, problem: done.problem, kept: lost };
    },
    discard: async () => undefined,
  };
}

export interface FileDeps {
  folder: string;
  freeDisk: FreeDisk;
  retryMs?: readonly number[];
}

/** A GGUF by its address, and the other parts of a split one from beside it. */
export function fileJob(url: URL, { folder, freeDisk, retryMs }: FileDeps): Job {
  const names = partNames(fileNameFor(url));
  const files = names.map((fileName) => ({ fileName, url: names.length === 1 ? url : beside(url, fileName) }));
  return {
    kind: 'file',
    source: 'files',
    key: url.href,
    name: modelNameOf(names[0] ?? ''),
    from: shownAddress(url),
    async run({ signal, report }) {
      const checksums: { file: string; sha256: string }[] = [];
      let before = 0;
      for (const [index, one] of files.entries()) {
        const parts = files.length === 1 ? null : { done: index, total: files.length };
        const result = await downloadGguf({
          ...one,
          folder,
          signal,
          freeDisk,
          ...(retryMs ? { retryMs } : {}),
          // How large the parts that follow are, nobody has told yet.
          onProgress: ({ doneBytes, totalBytes, checking }) => report({ doneBytes: before + doneBytes, totalBytes: files.length === 1 ? totalBytes : null, parts, checking }),
        });
        // A part that came with an earlier attempt is no reason to stop.
        if (!result.ok && !(files.length > 1 && result.problem.code === 'bad-request')) return { ok: false, problem: result.problem, kept: result.kept || index > 0 };
        if (result.ok) {
          checksums.push({ file: one.fileName, sha256: result.sha256 });
          before += result.bytes;
        }
      }
      return { ok: true, checksums };
    },
    async discard() {
      for (const { fileName } of files) await removePart(path.join(folder, fileName));
    },
  };
}

function beside(url: URL, fileName: string): URL {
  const next = new URL(url);
  next.pathname = [...url.pathname.split('/').slice(0, -1), encodeURIComponent(fileName)].join('/');
  return next;
}

/** A file that is on this computer already. */
export function importJob(file: string, plan: ImportPlan, link: boolean, { folder, freeDisk }: FileDeps): Job {
  return {
    kind: 'import',
    source: 'files',
    key: `file:${file}`,
    name: modelNameOf(path.basename(plan.files[0]?.to ?? file)),
    from: file,
    async run({ signal, report }) {
      const done = await importFiles({ plan, link, folder, signal, freeDisk, onProgress: report });
      return done.ok ? { ok: true, checksums: done.value.checksums } : { ok: false, problem: done.problem, kept: false };
    },
    discard: async () => undefined,
  };
}
