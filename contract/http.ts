import { z } from 'zod';

/*
 * The contract over HTTP. `POST /airdock/v1/<operation>` takes the operation's input as JSON; operations that only read also
 * answer GET, with the input as query. Whatever an operation decides, also a refusal, is its output with status 200:
 * refusals are values. Statuses of 400 and above are about the request itself (shape, key, address) or a fault of the
 * server; their body is `{ "ok": false, "problem": … }`.
 */

/** Who calls, for the activity list; optional. */
export const callerHeader = 'x-airdock-caller';

/**
 * Which Airdocks a request has passed, by their instances. An address can lead back to Airdock in more ways than can be
 * listed (other names, redirected ports, proxies), so the request itself tells; and one Airdock knows another by it.
 */
export const hopHeader = 'x-airdock-hop';

/** `GET /airdock/v1/health`, the one answer that needs no key: is this an Airdock, and which. */
export const healthSchema = z.object({ name: z.literal('airdock'), version: z.string(), instance: z.string() });
export type Health = z.infer<typeof healthSchema>;

/** `POST /airdock/v1/session`: exchanges a single-use code for a cookie. */
export const sessionInputSchema = z.strictObject({ code: z.string().min(1).max(200) });
