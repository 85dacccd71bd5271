import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Download } from '../../contract/index.ts';
import type { PullProgress } from '../providers/model-library.ts';
import type { Provider } from '../providers/provider.ts';
import { shownAddress } from './addresses.ts';
import { diskProblem, type FreeDisk } from './disk.ts';
import type { Job } from './downloads.ts';
import { fileNameFor, modelNameOf, partNames } from './file-names.ts';
import { downloadGguf, partOf, removePart } from './gguf-download.ts';
import { importFiles, type ImportPlan } from './import-file.ts';
import { totalOf } from './remote-sizes.ts';

/** Into Ollama's own store. What has come stays there, also where it is given up: Ollama removes it when it starts the next time. */
export function ollamaJob(provider: Provider, name: string, watch: () => (progress: PullProgress) => Download['fit']): Job {
  return {
    kind: 'ollama',
    source: provider.id,
    key: `${provider.id}/${name}`,
    target: `${provider.id}/${name}`,
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
    leaves: 'What has come lies in Ollama’s store, which Ollama tidies when it starts the next time.',
  };
}

export interface FileDeps {
  folder: string;
  freeDisk: FreeDisk;
  retryMs?: readonly number[];
}

/** What comes by an address: one file, or all parts of a split model, the first part first. */
export function filesBy(url: URL): readonly [{ fileName: string; url: URL }, ...{ fileName: string; url: URL }[]] {
  const name = fileNameFor(url);
  const [first = name, ...others] = partNames(name);
  const file = (fileName: string) => ({ fileName, url: others.length === 0 ? url : beside(url, fileName) });
  return [file(first), ...others.map(file)];
}

/** A GGUF by its address, and the other parts of a split one from beside it. */
export function fileJob(url: URL, { folder, freeDisk, retryMs }: FileDeps): Job {
  const files = filesBy(url);
  const [first] = files;
  return {
    kind: 'file',
    source: 'files',
    key: first.url.href,
    target: path.join(folder, first.fileName),
    name: modelNameOf(first.fileName),
    from: shownAddress(url),
    async run({ signal, report }) {
      const checksums: { file: string; sha256: string }[] = [];
      let before = 0;
      const split = files.length > 1;
      const allBytes = split ? await totalOf(files, folder, signal).catch(() => null) : null;
      // Each part is asked about again when its turn comes; this is so that nobody waits for hours to hear it.
      const here = split ? await bytesOn(files.flatMap(({ fileName }) => [path.join(folder, fileName), partOf(path.join(folder, fileName))])) : 0;
      const full = diskProblem(modelNameOf(first.fileName), allBytes === null ? null : allBytes - here, split ? await freeDisk(folder) : null);
      if (full) return { ok: false, problem: full, kept: here > 0 };
      for (const [index, one] of files.entries()) {
        const parts = files.length === 1 ? null : { done: index, total: files.length };
        const result = await downloadGguf({
          ...one,
          folder,
          signal,
          freeDisk,
          ...(retryMs ? { retryMs } : {}),
          onProgress: ({ doneBytes, totalBytes, checking }) => report({ doneBytes: before + doneBytes, totalBytes: split ? allBytes : totalBytes, parts, checking: checking && index === files.length - 1 }),
        });
        // A part that came with an earlier attempt is no reason to stop.
        if (!result.ok && !(split && result.problem.code === 'bad-request')) return { ok: false, problem: result.problem, kept: result.kept || index > 0 };
        if (result.ok) {
          checksums.push({ file: one.fileName, sha256: result.sha256 });
          before += result.bytes;
        } else before += await bytesOn([path.join(folder, one.fileName)]);
      }
      return { ok: true, checksums };
    },
    async discard() {
      for (const { fileName } of files) await removePart(path.join(folder, fileName));
      const parts = files.map(({ fileName }) => path.join(folder, fileName));
      const present = await Promise.all(parts.map((file) => stat(file).then(() => true, () => false)));
      // Some parts of a model are no model. One that is whole came by another way, and stays.
      if (files.length > 1 && present.includes(false)) await Promise.all(parts.map((file) => rm(file, { force: true })));
    },
  };
}

export async function bytesOn(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((file) => stat(file).then(({ size }) => size, () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
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
    target: plan.files[0]?.to ?? file,
    name: modelNameOf(path.basename(plan.files[0]?.to ?? file)),
    from: file,
    async run({ signal, report }) {
      const done = await importFiles({ plan, link, folder, signal, freeDisk, onProgress: report });
      return done.ok ? { ok: true, checksums: done.value.checksums } : { ok: false, problem: done.problem, kept: false };
    },
    discard: async () => undefined,
  };
}
