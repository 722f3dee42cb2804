import type { LoadRequest } from '../model.ts';

/** What a config that says nothing about it sends. */
export const GET_ROOT: LoadRequest = { method: 'GET', path: '/', headers: {}, body: null };

/** Where a request goes, below a Function URL. */
export function addressOf(endpoint: string, { path }: LoadRequest): string {
  return endpoint.replace(/\/$/, '') + path;
}
