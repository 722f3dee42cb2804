/**
 * What package managers say when the network failed them, and not the package: worth another attempt, which goes on
 * with what was downloaded. pip, npm and cargo retry a request by themselves, go does not, and none of them survives a
 * connection that is away for longer.
 */
const WORDS = [
  // of the system, as Go, Rust and Python pass it on
  /connection (?:was |is )?(?:reset|refused|aborted|timed out|closed)|broken pipe|network is unreachable/i,
  /no such host|could not resolve|name resolution|name or service not known|nodename nor servname/i,
  /\b(?:i\/o|tls handshake|operation|request|read|connect(?:ion)?) time(?:d )?out\b|deadline exceeded/i,
  // curl in cargo, urllib3 in pip, undici and minipass in npm
  /\[(?:5|6|7|16|18|28|35|52|55|56|92)\] .*(?:proxy|resolve|connect|http2?|time|ssl|server|send|receiv)/i,
  /max retries exceeded|ProtocolError|IncompleteRead|ReadTimeoutError|NewConnectionError|ProxyError/,
  /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|ERR_SOCKET_TIMEOUT|ENETUNREACH)\b/,
  // cut short, or a server that is not well
  /unexpected EOF|spurious network error|\b(?:HTTP|status|code|server|error)\b\D{0,20}\b(?:429|500|502|503|504)\b/i,
];

/** So does go head what it says of a package, and cargo end: a compiler quotes the source, which may speak of any fault. */
const COMPILER = /^# \S+$|\berror: could not compile /m;
/** Those at the end are about what ended it; before may stand warnings of what was overcome. */
const LAST_LINES = 12;

export function isNetworkFault(output: string): boolean {
  const end = output.trim().split('\n').slice(-LAST_LINES).join('\n');
  return WORDS.some((words) => words.test(end)) && !COMPILER.test(output);
}
