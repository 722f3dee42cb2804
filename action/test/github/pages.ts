/** Lists come in pages with `Link` headers: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
import type { Answer } from './exchange.ts';

const USUAL = 30;
const LARGEST = 100;

export function pageOf(
  { list = [], wrap = (page) => page }: Answer,
  url: URL,
): { headers: Record<string, string>; body: unknown } {
  const size = Math.min(LARGEST, positive(url.searchParams.get('per_page'), USUAL));
  const page = positive(url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const body = wrap(list.slice((page - 1) * size, page * size), list.length);
  const links = [
    ...(page > 1 ? [link(url, 'prev', page - 1), link(url, 'first', 1)] : []),
    ...(page < last ? [link(url, 'next', page + 1), link(url, 'last', last)] : []),
  ];
  return { headers: links.length === 0 ? {} : { link: links.join(', ') }, body };
}

function link(url: URL, rel: string, page: number): string {
  const other = new URL(url);
  other.searchParams.set('page', String(page));
  return `<${other.href}>; rel="${rel}"`;
}

function positive(given: string | null, otherwise: number): number {
  const value = Number(given);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
