import type { Exit } from './child.ts';

/** Why an invocation failed, in the platform's own shape. */
export interface Fault {
  readonly errorType: string;
  readonly errorMessage: string;
}

export function timedOut(requestId: string, seconds: number): Fault {
  return fault('Sandbox.Timedout', requestId, `Task timed out after ${seconds.toFixed(2)} seconds`);
}

export function exited(requestId: string, exit: Exit): Fault {
  return fault('Runtime.ExitError', requestId, exitReason(exit));
}

export function outOfMemory(requestId: string): Fault {
  return fault('Runtime.OutOfMemory', requestId, 'Runtime exited with error: signal: killed');
}

export function responseTooLarge(requestId: string, limitBytes: number): Fault {
  return fault(
    'Function.ResponseSizeTooLarge',
    requestId,
    `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`,
  );
}

/** Of what a function says of its error, so much is kept with every record of it. */
export const longestErrorType = 200;
export const longestErrorMessage = 1000;

/** The runtime client's own account of an error: `{"errorMessage", "errorType", ...}`. */
export function reported(errorType: string, body: Buffer): Fault {
  const told = account(errorType, body.toString('utf8'));
  return {
    errorType: told.errorType.slice(0, longestErrorType),
    errorMessage: told.errorMessage.slice(0, longestErrorMessage),
  };
}

function account(errorType: string, text: string): Fault {
  try {
    const told = JSON.parse(text) as Partial<Record<keyof Fault, unknown>>;
    return {
      errorType: typeof told.errorType === 'string' ? told.errorType : errorType,
      errorMessage: String(told.errorMessage ?? ''),
    };
  } catch {
    return { errorType, errorMessage: text };
  }
}

function exitReason({ code, signal }: Exit): string {
  if (signal !== null) return `Runtime exited with error: signal: ${signalName(signal)}`;
  if (code === 0 || code === null) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${code}`;
}

/** As Go's runtime prints them, which Lambda's messages carry. */
function signalName(signal: NodeJS.Signals): string {
  const names: Partial<Record<NodeJS.Signals, string>> = {
    SIGKILL: 'killed',
    SIGTERM: 'terminated',
    SIGSEGV: 'segmentation fault',
    SIGABRT: 'aborted',
  };
  return names[signal] ?? signal;
}

function fault(errorType: string, requestId: string, reason: string): Fault {
  return { errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` };
}
