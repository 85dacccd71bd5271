import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routeOf } from './routes.ts';

const kind = (method: string, path: string): string | undefined => routeOf(method, path, undefined)?.kind;

describe('routes', () => {
  it('everything that Ollama’s servers were recorded to answer is the gateway’s', () => {
    const text = readFileSync(new URL('../../test/fixtures/ollama-recorded/0.33.json', import.meta.url), 'utf8');
    const { exchanges } = JSON.parse(text) as { exchanges: { request: { method: string; path: string } }[] };
    for (const { request } of exchanges) expect(routeOf(request.method, request.path, undefined), `${request.method} ${request.path}`).not.toBeNull();
  });

  it('what changes something needs the key, whatever it is called', () => {
    for (const [method, path] of [['POST', '/api/new'], ['PUT', '/v1/models/a'], ['PATCH', '/api/tags'], ['POST', '/api/%64elete'], ['DELETE', '/api/delete/'], ['POST', '/api/chat/']] as const) {
      expect(kind(method, path), `${method} ${path}`).toBe('key');
    }
    for (const path of ['/api/pull', '/api/push', '/api/create', '/api/copy']) expect(kind('POST', path)).toBe('manage');
    expect(kind('DELETE', '/api/delete')).toBe('manage');
    expect([kind('POST', '/api/blobs/sha256:0'), kind('HEAD', '/api/blobs/sha256:0')]).toEqual(['key', 'pass']);
  });

  it('Airdock’s own API and the dashboard are not the gateway’s', () => {
    for (const path of ['/airdock/v1/snapshot', '/airdock', '/index.html', '/assets/x.js', '/metricsx', '/api', '/v1']) expect(routeOf('GET', path, undefined)).toBeNull();
    expect(routeOf('POST', '/', undefined)).toBeNull();
  });

  it('labels have no names of models in them', () => {
    expect(routeOf('GET', '/v1/models/secret', undefined)?.label).toBe('/v1/models/*');
    expect(routeOf('GET', '/api/secret', undefined)?.label).toBe('other');
  });
});
