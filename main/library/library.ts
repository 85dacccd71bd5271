import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes, problem, type Activity, type Download, type DownloadCheck, type Outcome, type Plan } from '../../contract/index.ts';
import type { Provider } from '../providers/provider.ts';
import { listedName, parseModelName } from '../providers/ollama/model-name.ts';
import type { GgufInfo } from '../providers/llama-cpp/gguf/read.ts';
import { readAddress } from './addresses.ts';
import { createDownloads, type Job } from './downloads.ts';
import { diskProblem, freeDisk as freeOnDisk, type FreeDisk } from './disk.ts';
import { fileNameFor, modelNameOf, partNames } from './file-names.ts';
import { judge } from './fit-words.ts';
import { partOf, readNotes, takenProblem } from './gguf-download.ts';
import { bytesOn, fileJob, filesBy, importJob, ollamaJob } from './jobs.ts';
import { planImport } from './import-file.ts';
import { readRemoteHeader } from './remote-header.ts';
import { watchFit } from './watch-fit.ts';

export interface LibraryDeps {
  /** Airdock's own folder of models. */
  ownDirectory: string;
  provider(kind: Provider['kind']): Provider | undefined;
  /** Whether a model of that size would fit, as the preview of a load tells; null: not now. */
  plan(provider: string, name: string, ram: number): Plan | null;
  /** What the file would take on this computer. */
  ramOf(gguf: GgufInfo, bytes: number): number;
  /** A model that is installed under that name at the provider. */
  isInstalled(provider: string, providerName: string): boolean;
  /** Resolves when it is known what is installed and whether anything can be loaded. */
  whenKnown(): Promise<void>;
  /** Providers are looked at anew: something has come or gone. */
  lookAgain(): Promise<void>;
  note(entry: Pick<Activity, 'kind' | 'reason' | 'text'> & Partial<Omit<Activity, 'id' | 'at'>>): void;
  onChange(): void;
  onFault(fault: unknown): void;
  now(): number;
  freeDisk?: FreeDisk;
  /** Waits between attempts of a download, ms. */
  retryMs?: readonly number[];
}

export type LibraryService = ReturnType<typeof createLibraryService>;

type Wanted = { kind: 'ollama'; name: string; provider: Provider } | { kind: 'file'; url: URL };

/** How models come to this computer: what would come, what is under way, and what is told of it. */
export function createLibraryService(deps: LibraryDeps) {
  const { ownDirectory, freeDisk = freeOnDisk } = deps;
  const downloads = createDownloads({
    now: deps.now,
    onChange: deps.onChange,
    onFault: deps.onFault,
    onEnd(download, job) {
      tell(download, job);
      if (download.state === 'done' || download.kind === 'ollama') void deps.lookAgain().catch(deps.onFault);
    },
  });
  const fileDeps = { folder: ownDirectory, freeDisk, ...(deps.retryMs ? { retryMs: deps.retryMs } : {}) };

  function tell({ state, name, from, by, problem: why, totalBytes }: Download, { kind }: Job): void {
    const about = { name, by, provider: kind === 'ollama' ? 'ollama' : 'llama.cpp', ...(why ? { code: why.code } : {}) };
    const size = totalBytes === null ? '' : ` (${formatBytes(totalBytes)})`;
    if (state === 'done') deps.note({ kind: 'notice', reason: 'asked', text: kind === 'import' ? `${name}${size} was taken in from ${from}.` : `${name}${size} was downloaded.`, ...about, parts: { what: 'download', state } });
    else if ((state === 'failed' || state === 'stopped') && why) deps.note({ kind: 'notice', reason: 'asked', text: `${name} was not ${kind === 'import' ? 'taken in' : 'downloaded'}: ${why.message}`, ...about, parts: { what: 'download', state } });
  }

  /** What a person means by that text. */
  function read(source: string): Outcome<Wanted> {
    const address = readAddress(source);
    if (address) return address.ok ? { ok: true, value: { kind: 'file', url: address.value } } : address;
    const name = parseModelName(source);
    if (name === null) return { ok: false, problem: problem('bad-request', `"${source}" is neither the name of a model nor the address of a file.`, 'Names look like llama3.2 or llama3.2:3b, addresses like https://…/model.gguf.') };
    const provider = deps.provider('ollama');
    if (!provider?.library?.pull) return { ok: false, problem: problem('provider-down', 'Models come by name from Ollama, which is switched off.', 'Switch it on in the settings, or name the address of a GGUF file.') };
    return { ok: true, value: { kind: 'ollama', name: listedName(name), provider } };
  }

  function answer(kind: DownloadCheck['kind'], name: string, facts: { bytes: number | null; needs: number | null; provider: string; installed: boolean; diskFree: number | null }): DownloadCheck {
    const { bytes, needs, installed, diskFree } = facts;
    const plan = needs === null ? null : deps.plan(facts.provider, name, needs);
    const diskEnough = bytes === null || diskFree === null ? null : diskProblem(name, bytes, diskFree) === null;
    const told = judge({ kind, name, bytes, needs, plan, diskFree, diskEnough, installed });
    return { kind, name, bytes, needs, fit: plan?.fit ?? null, unloads: plan?.unloads.map((one) => one.name) ?? [], diskFree, diskEnough, installed, ...told };
  }

  /** A file that lies on this computer. */
  async function checkFile(file: string): Promise<Outcome<DownloadCheck>> {
    const planned = await planImport(file, ownDirectory);
    if (!planned.ok) return planned;
    await deps.whenKnown();
    const { files, totalBytes, gguf } = planned.value;
    const needs = gguf.role === 'model' ? deps.ramOf(gguf, totalBytes) : null;
    return { ok: true, value: answer('import', modelNameOf(path.basename(files[0]?.to ?? file)), { bytes: totalBytes, needs, provider: 'llama.cpp', installed: false, diskFree: await freeDisk(ownDirectory) }) };
  }

  async function check(source: string, signal: AbortSignal): Promise<Outcome<DownloadCheck>> {
    if (path.isAbsolute(source) || /^~[\\/]/.test(source)) return checkFile(source);
    const wanted = read(source);
    if (!wanted.ok) return wanted;
    await deps.whenKnown();
    if (wanted.value.kind === 'ollama') {
      const { name, provider } = wanted.value;
      const looked = await provider.library!.look!(name, signal);
      if (!looked.ok) return looked;
      const folder = await provider.library!.directory();
      const diskFree = folder === null ? null : await freeDisk(folder);
      const { bytes, needs } = looked.remote;
      return { ok: true, value: answer('ollama', name.replace(/:latest$/, ''), { bytes, needs, provider: provider.id, installed: deps.isInstalled(provider.id, name), diskFree }) };
    }
    const files = filesBy(wanted.value.url);
    const [{ fileName, url }] = files;
    const taken = files.length === 1 ? await takenProblem(path.join(ownDirectory, fileName)) : null;
    if (taken) return { ok: false, problem: taken };
    const looked = await readRemoteHeader(url, fileName, signal);
    if (!looked.ok) return looked;
    const { bytes, gguf } = looked.file;
    if (gguf !== null && gguf.role === 'adapter') return { ok: false, problem: problem('bad-file', `${fileName} is an adapter, not a model by itself.`) };
    // Of a split model the first part stands for the others: none of them is larger.
    const all = bytes === null ? null : bytes * files.length;
    const needs = gguf === null || gguf.role !== 'model' || all === null ? null : deps.ramOf(gguf, all);
    return { ok: true, value: answer('file', modelNameOf(fileName), { bytes: all, needs, provider: 'llama.cpp', installed: false, diskFree: await freeDisk(ownDirectory) }) };
  }

  return {
    view: downloads.view,
    check,
    freeDisk,

    pull(source: string, by: string): Outcome<Download> {
      const wanted = read(source);
      if (!wanted.ok) return wanted;
      const { value } = wanted;
      return downloads.add(value.kind === 'ollama' ? ollamaJob(value.provider, value.name, () => watchFit({ ...deps, freeDisk }, value.provider, value.name.replace(/:latest$/, ''))) : fileJob(value.url, fileDeps), by);
    },

    async import(file: string, link: boolean, by: string): Promise<Outcome<Download>> {
      const planned = await planImport(file, ownDirectory);
      return planned.ok ? downloads.add(importJob(file, planned.value, link, fileDeps), by) : planned;
    },

    resume: (id: string, by: string) => downloads.resume(id, by),

    cancel: (id: string, discard: boolean) => downloads.stop(id, discard),

    /** A program downloads through the gateway: nobody can be asked, but what speaks against it is written down. */
    async announced(name: string, by: string, signal: AbortSignal): Promise<void> {
      if (readAddress(name) !== null) return;
      const checked = await check(name, signal);
      if (!checked.ok || !checked.value.warns) return;
      deps.note({ kind: 'notice', reason: 'asked', name: checked.value.name, by, provider: 'ollama', text: `${by} downloads ${checked.value.sentence}` });
    },

    /** Halves of files that an earlier Airdock has left: they can go on, but for those of a copy. */
    async start(): Promise<void> {
      const names = await readdir(ownDirectory).catch(() => [] as string[]);
      for (const name of names.filter((one) => one.endsWith('.gguf.part'))) {
        const file = path.join(ownDirectory, name.slice(0, -'.part'.length));
        const notes = await readNotes(file);
        const address = notes === null ? null : readAddress(notes.url);
        if (notes === null) await rm(partOf(file), { force: true }).catch(deps.onFault);
        if (notes === null || !address?.ok || fileNameFor(address.value) !== path.basename(file)) continue;
        const parts = partNames(path.basename(file)).map((one) => path.join(ownDirectory, one));
        downloads.add(fileJob(address.value, fileDeps), 'Airdock', { doneBytes: await bytesOn([...parts, partOf(file)]), totalBytes: parts.length === 1 ? notes.totalBytes : null });
      }
    },

    close: () => downloads.close(),
  };
}

