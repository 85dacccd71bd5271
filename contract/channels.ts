import { z } from 'zod';
import type { PushChannel, RequestChannel } from './channel-names.ts';
import { desktopStateSchema, showTargetSchema } from './desktop.ts';
import { problemSchema } from './errors.ts';
import { operations, type OperationName } from './operations.ts';
import { serverEventSchema } from './snapshot.ts';

const nothing = z.strictObject({});
const operationNames = Object.keys(operations) as [OperationName, ...OperationName[]];

/** A value, or a problem. */
function outcome<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), z.object({ ok: z.literal(false), problem: problemSchema })]);
}

const done = outcome(z.object({ text: z.string() }));

/**
 * Everything that a page of the desktop app may ask, with the shape of question and answer. `call` carries the operations
 * of the contract, whose own schemas check `input` and `output`; a problem in it is about the call, as an HTTP status is.
 * Every answer is a value or a problem, so that what fails on the way has a place in it.
 */
export const channels = {
  call: { input: z.strictObject({ operation: z.enum(operationNames), input: z.unknown() }), output: outcome(z.unknown()) },
  /** From now on this page gets the push channel `event`: a snapshot first. */
  subscribe: { input: nothing, output: done },
  unsubscribe: { input: nothing, output: done },
  desktopState: { input: nothing, output: outcome(desktopStateSchema) },
  setStartAtLogin: { input: z.strictObject({ on: z.boolean() }), output: done },
  /** The system's own dialog; null: put aside. */
  chooseFolder: { input: nothing, output: outcome(z.object({ path: z.string().nullable() })) },
  openConfigFile: { input: nothing, output: done },
  openLogFolder: { input: nothing, output: done },
  /** An https address, in the user's browser. */
  openLink: { input: z.strictObject({ url: z.string().max(2048) }), output: done },
  checkForUpdates: { input: nothing, output: done },
  downloadUpdate: { input: nothing, output: done },
  /** Restarts into the new version as soon as no model is in use. */
  installUpdate: { input: nothing, output: done },
  quit: { input: nothing, output: done },
} as const satisfies Record<RequestChannel, { input: z.ZodType; output: z.ZodType }>;

export const pushes = {
  event: serverEventSchema,
  desktop: desktopStateSchema,
  /** Where the page should go: a notification was clicked, or a menu item. */
  show: showTargetSchema,
} as const satisfies Record<PushChannel, z.ZodType>;

/** What a page passes. */
export type ChannelInput<C extends RequestChannel> = z.input<(typeof channels)[C]['input']>;
/** What a handler gets. */
export type ParsedChannelInput<C extends RequestChannel> = z.output<(typeof channels)[C]['input']>;
export type ChannelOutput<C extends RequestChannel> = z.output<(typeof channels)[C]['output']>;
export type PushPayload<P extends PushChannel> = z.output<(typeof pushes)[P]>;

/** `window.airdock`: one function for each channel, one to listen, and one that tells where a dropped file lies. No promise of it rejects for a refusal: those are values. */
export type Bridge = { readonly [C in RequestChannel]: (input: ChannelInput<C>) => Promise<ChannelOutput<C>> } & {
  /** Returns its own undoing. */
  on<P extends PushChannel>(channel: P, listener: (payload: PushPayload<P>) => void): () => void;
  /** '' where that is not told. */
  pathOf(file: File): string;
};
