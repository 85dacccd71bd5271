import { formatTime } from '../clock.ts';
import type { Handler, Route } from '../context.ts';
import { parseName } from '../names.ts';
import { notFound } from '../texts.ts';
import { bind, text } from './inference.ts';

const copy: Handler = (call, context) => {
  const bound = bind(call, 'CopyRequest');
  if (!bound.ok) return call.reply.error(400, bound.error);
  const source = text(bound.body['source']);
  const destination = text(bound.body['destination']);
  if (parseName(source) === null) return call.reply.error(400, `source ${JSON.stringify(source)} is invalid`);
  const target = parseName(destination);
  if (target === null) return call.reply.error(400, `destination ${JSON.stringify(destination)} is invalid`);
  const model = context.library.find(source);
  if (model === undefined) return call.reply.error(404, `model ${JSON.stringify(source)} not found`);
  context.library.copy(model, target, formatTime(context.clock.now()));
  call.reply.empty(200);
};

/** Takes the name away and leaves a loaded runner alone: with the last name of its weights gone, no call can unload it. */
const remove: Handler = (call, context) => {
  const bound = bind(call, 'DeleteRequest');
  if (!bound.ok) return call.reply.error(400, bound.error);
  const name = text(bound.body['model']) || text(bound.body['name']);
  if (name === '') return call.reply.error(400, 'model is required');
  if (parseName(name) === null) return call.reply.error(400, `name ${JSON.stringify(name)} is invalid`);
  if (!context.library.remove(name)) return call.reply.error(404, notFound(name));
  call.reply.empty(200);
};

const headBlob: Handler = (call, context) => {
  const digest = call.rest;
  if (!/^sha256[:-][0-9a-f]{64}$/.test(digest)) return call.reply.error(400, 'invalid digest format');
  if (!context.library.hasBlob(digest)) return call.reply.error(404, `blob ${JSON.stringify(digest)} not found`);
  call.reply.empty(200);
};

export const manageRoutes: Route[] = [
  { method: 'POST', path: '/api/copy', handle: copy },
  { method: 'DELETE', path: '/api/delete', handle: remove },
  { method: 'HEAD', path: '/api/blobs/', handle: headBlob },
];
