/** One request and its answer, in GitHub's own words. */
import type { State, Token } from './state.ts';

export interface Exchange {
  readonly state: State;
  readonly token: Token;
  /** Named pieces of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Where this server is, without a slash at the end. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A list is cut into pages by the server. */
  readonly list?: readonly unknown[];
  /** Wraps a page that GitHub does not send as a bare array. */
  readonly wrap?: (page: readonly unknown[], total: number) => unknown;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });

/** Anything but success. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { errors?: readonly unknown[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

export const notFound = () => new Refusal(404, 'Not Found');
export const forbidden = () => new Refusal(403, 'Resource not accessible by integration');

/** 422 with one error in GitHub's shape. */
export function invalid(resource: string, field: string, message: string): Refusal {
  return new Refusal(422, 'Validation Failed', {
    errors: [{ resource, code: 'unprocessable', field, message }],
  });
}

/** A text that must be there. */
export function requiredText(exchange: Exchange, field: string, resource: string): string {
  const value = exchange.body[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new Refusal(422, 'Validation Failed', {
    errors: [{ resource, code: 'missing_field', field }],
  });
}

/** GitHub's limit on bodies of issues, comments and check summaries, in characters. */
const LONGEST_BODY = 65_536;

export function bodyText(exchange: Exchange, resource: string): string {
  const value = requiredText(exchange, 'body', resource);
  if ([...value].length > LONGEST_BODY)
    throw invalid(resource, 'data', `Body is too long (maximum is ${LONGEST_BODY} characters)`);
  return value;
}
