import type { Call } from './context.ts';

const allowedHeaders = [
  'Authorization', 'Content-Type', 'User-Agent', 'Accept', 'X-Requested-With', 'Openai-Beta', 'X-Stainless-Arch', 'X-Stainless-Async',
  'X-Stainless-Custom-Poll-Interval', 'X-Stainless-Helper-Method', 'X-Stainless-Lang', 'X-Stainless-Os', 'X-Stainless-Package-Version',
  'X-Stainless-Poll-Helper', 'X-Stainless-Retry-Count', 'X-Stainless-Runtime', 'X-Stainless-Runtime-Version', 'X-Stainless-Timeout',
].join(',');

function hostAllowed(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '').toLowerCase();
  if (name === '' || name === 'localhost' || /\.(localhost|local|internal)$/.test(name)) return true;
  return name === '::1' || name === '::' || /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0$)/.test(name);
}

function originAllowed(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/.test(origin) || /^(app|file|tauri|vscode-webview|vscode-file):\/\//.test(origin);
}

/** Cross-origin and Host checks of a server bound to loopback. True: the call has been answered. */
export function gate({ method, headers, reply }: Call): boolean {
  const { origin, host = '' } = headers;
  if (origin !== undefined && origin !== '' && origin !== `http://${host}`) {
    if (!originAllowed(origin)) return answer(403);
    reply.res.setHeader('Access-Control-Allow-Origin', origin);
    if (method === 'OPTIONS') {
      return answer(204, {
        'Access-Control-Allow-Methods': 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
        'Access-Control-Allow-Headers': allowedHeaders,
        'Access-Control-Max-Age': '43200',
        Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      });
    }
    reply.res.setHeader('Vary', 'Origin');
  }
  return hostAllowed(host) ? false : answer(403);

  function answer(status: number, more: Record<string, string> = {}): true {
    reply.empty(status, more);
    return true;
  }
}
