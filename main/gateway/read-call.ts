import { problem, type Problem } from '../../contract/index.ts';
import { readBody } from './body.ts';
import type { BodyShare } from './body-room.ts';
import type { Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import { readRequest, type RequestBody } from './read-request.ts';
import { refuse, refuseAndHangUp } from './refuse.ts';

const mb = 1024 * 1024;

/** Reads a request that names its model. null: it was refused, or its client has gone. Its share of the room for bodies ends with the call, or when it is let go before. */
export async function readCall({ settings, bodies }: Pick<GatewayParts, 'settings' | 'bodies'>, call: Call, mostMb = Infinity): Promise<{ body: RequestBody; share: BodyShare } | null> {
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
      else return { body: parsed.body, share };
      return null;
    }
  }
}

function noRoom(togetherMb: number): Problem {
  const hint = 'Try again later; the setting gateway.bodies_limit_mb allows more.';
  return problem('limit-reached', `The requests that Airdock has at present take the ${togetherMb} MB that they may have together.`, hint);
}
