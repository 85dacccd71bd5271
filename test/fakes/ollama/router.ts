import type { Call, Context, Handler, Route } from './context.ts';
import type { FakeVersion } from './types.ts';
import { embedRoutes } from './routes/embed.ts';
import { generateRoutes } from './routes/generate.ts';
import { manageRoutes } from './routes/manage.ts';
import { messagesRoutes } from './routes/messages.ts';
import { metaRoutes } from './routes/meta.ts';
import { openaiRoutes } from './routes/openai.ts';
import { pullRoutes } from './routes/pull.ts';
import { responsesRoutes } from './routes/responses.ts';
import { showRoutes } from './routes/show.ts';

const age: Record<FakeVersion, number> = { '0.12': 12, '0.24': 24, '0.33': 33 };
const routes: Route[] = [
  ...metaRoutes,
  ...showRoutes,
  ...generateRoutes,
  ...embedRoutes,
  ...openaiRoutes,
  ...responsesRoutes,
  ...messagesRoutes,
  ...manageRoutes,
  ...pullRoutes,
];

const fits = (route: Route, path: string): boolean =>
  route.path === path || (route.path.length > 1 && route.path.endsWith('/') && path.startsWith(route.path) && path.length > route.path.length);

/** A known path under another method is 405, anything else 404, both as plain text. */
export function route(version: FakeVersion, call: Call): Handler {
  const known = routes.filter((each) => fits(each, call.path) && age[version] >= age[each.since ?? '0.12']);
  const hit = known.find((each) => each.method === call.method);
  if (hit !== undefined) {
    return (given: Call, context: Context) => hit.handle({ ...given, rest: given.path.slice(hit.path.length) }, context);
  }
  const [status, said] = known.length > 0 ? [405, '405 method not allowed'] : [404, '404 page not found'];
  return ({ reply }) => reply.text(status, said, 'text/plain');
}
