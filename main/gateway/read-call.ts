import { problem, type Problem } from '../../contract/index.ts';
import { readBody } from './body.ts';
import type { BodyShare } from './body-room.ts';
import type { Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import { readRequest, type RequestBody } from './read-request.ts';
import { refuse, refuseAndHangUp } from './refuse.ts';
import { watchProgress, type ProgressWatch } from './stalled.ts';

const mb = 1024 * 1024;

interface ReadCall {
  body: RequestBody;
  /** Of the room for bodies. It ends with the call, or when it is let go before. */
  share: BodyShare;
  watch: ProgressWatch;
}

/** Reads a request that names its model. null: it was refused, or its client has gone. */
export async function readCall(parts: Pick<GatewayParts, 'settings' | 'bodies' | 'ports' | 'stalledMs'>, call: Call, mostMb = Infinity): Promise<ReadCall | null> {
  const { settings, bodies } = parts;
  // Before it is read: a body that does not come must not have its room for ever.
  const watch = watchProgress(parts.ports, call, parts.stalledMs);
  const { body_limit_mb: allowedMb, bodies_limit_mb: togetherMb } = settings();
  const limitMb = Math.min(mostMb, allowedMb);
  const share = bodies.share();
  call.response.on('close', share.release);
  const read = await readBody(call.request, limitMb * mb, share);
  switch (read.kind) {
    case 'gone':
      return null;
    case 'too-large': {
      const hint = limitMb === allowedMb ? 'The setting gateway.body_limit_mb allows more.' : undefined;
      refuseAndHangUp(call, { status: 413, problem: problem('bad-request', `The request is larger than ${limitMb} MB.`, hint) });
      return null;
    }
    case 'no-room':
      refuseAndHangUp(call, { problem: noRoom(togetherMb) });
      return null;
    case 'read': {
      const reading = readRequest(call, read.bytes, limitMb * mb);
      const parsed = reading instanceof Promise ? await reading : reading;
      if (!parsed.ok) refuse(call, { problem: problem('bad-request', parsed.message) });
      // What was unpacked of it is kept as well.
      else if (parsed.body.packed && !share.grow(parsed.body.text.length)) refuse(call, { problem: noRoom(togetherMb) });
      else return { body: parsed.body, share, watch };
      return null;
    }
  }
}

function noRoom(togetherMb: number): Problem {
  const hint = 'Try again later; the setting gateway.bodies_limit_mb allows more.';
  return problem('limit-reached', `The requests that Airdock has at present take the ${togetherMb} MB that they may have together.`, hint);
}
