import { formatBytes, formatList, textTable, UNUSED_DAYS, type DiskUsage, type InstalledModel, type ModelDetails } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { printJson, refuse } from '../report.ts';

/** What the files of a model tell. */
export async function show(context: Context): Promise<Exit> {
  const manager = await context.airdock();
  const told = await manager.call('modelDetails', { model: context.args[0] ?? '' });
  if (!told.ok) return refuse(context, told.problem);
  const details = told.value;
  const model = (await manager.getStatus()).models.find(({ id }) => id === details.id);
  if (context.json) printJson(context, { ...details, ...(model ? { provider: model.provider, sizeBytes: model.sizeBytes, capabilities: model.capabilities, contextLength: model.contextLength, footprint: model.footprint, footprintSource: model.footprintSource } : {}) });
  else context.terminal.print(detailsText(details, model).join('\n'));
  return exits.done;
}

const tokens = (count: number): string => `${count.toLocaleString('en')} tokens`;

/** Pure. */
export function detailsText(details: ModelDetails, model: InstalledModel | undefined): string[] {
  const { files, projector, contexts, kvBytesPerToken, maxContextLength } = details;
  const row = (name: string, value: string | null | undefined): string[][] => (value === null || value === undefined || value === '' ? [] : [[name, value]]);
  const context = [model?.contextLength == null ? null : tokens(model.contextLength), maxContextLength === null ? null : `made for ${tokens(maxContextLength)}`].filter((one) => one !== null).join(', ');
  const facts = [
    ...row('Architecture', [details.architecture, details.parameterSize].filter(Boolean).join(', ')),
    ...row('Quantisation', details.quantization),
    ...row('Context', context),
    ...row('Per 1,000 tokens', kvBytesPerToken === null ? null : formatBytes(kvBytesPerToken * 1000)),
    ...contexts.map(({ contextLength, ram }, index) => [index === 0 ? 'Memory' : '', `about ${formatBytes(ram)} with ${tokens(contextLength)}`]),
    ...row('Can', model?.capabilities.join(', ')),
    ...row('On disk', model === undefined ? null : formatBytes(model.sizeBytes)),
    ...row('Where', files.length === 1 ? files[0]?.path : details.folder),
    ...(files.length > 1 ? [['Files', `${files.length}, beginning with ${files[0]?.path ?? ''}`]] : []),
    ...row('Images', projector === null ? null : `${projector.path} (${formatBytes(projector.bytes)}) belongs to it; Airdock answers text with it and does not use that file yet`),
    ...row('Digest', details.digest),
    ...row('Last used', details.lastUsed === null ? 'Airdock has seen no use of it' : moment(details.lastUsed)),
    ...row('Deleting', details.keptBecause?.message),
  ];
  return [`${details.name} (${model?.provider ?? details.id.split('/')[0] ?? ''})`, ...textTable(facts).map((line) => `  ${line}`)];
}

/** What the models take on the disks. */
export async function du(context: Context): Promise<Exit> {
  const outcome = await (await context.airdock()).call('diskUsage', {});
  if (!outcome.ok) return refuse(context, outcome.problem);
  if (context.json) printJson(context, outcome.value);
  else context.terminal.print(usageText(outcome.value).join('\n'));
  return exits.done;
}

/** Pure. */
export function usageText({ models, totalBytes, unusedBytes, neverBytes, places }: DiskUsage): string[] {
  if (models.length === 0) return ['No models are installed yet. "airdock pull" gets one.'];
  const rows = models.map(({ name, also, bytes, lastUsed, unused }) => [also.length === 0 ? name : `${name} (also ${formatList(also)})`, formatBytes(bytes), lastUsed === null ? 'no use seen' : day(lastUsed), unused ? `not for ${UNUSED_DAYS} days` : '']);
  const never = models.filter(({ lastUsed }) => lastUsed === null).length;
  const old = models.filter(({ unused }) => unused).length;
  return [
    ...textTable([['NAME', 'ON DISK', 'LAST USED', ''], ...rows], [1]),
    '',
    ...textTable([
      ['All', formatBytes(totalBytes), modelCount(models.length)],
      [`Not used for ${UNUSED_DAYS} days`, formatBytes(unusedBytes), modelCount(old)],
      ...(never === 0 ? [] : [['No use seen', formatBytes(neverBytes), modelCount(never)]]),
      ...places.map(({ folder, bytes, free, provider }) => [folder ?? `${provider}, folder not known`, formatBytes(bytes), free === null ? '' : `${formatBytes(free)} free on that disk`]),
    ], [1]),
    ...(old === 0 ? [] : ['', '"airdock rm NAME" deletes one.']),
  ];
}

const modelCount = (count: number): string => (count === 1 ? '1 model' : `${count} models`);

/** A point in time in this computer's time zone. */
function moment(at: number): string {
  const text = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

const day = (at: number): string => moment(at).slice(0, 10);
