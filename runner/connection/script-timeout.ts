import { MusterError } from '../errors/index.ts';
import type { ShellRequest } from './shell-request.ts';

/** A script ran longer than it was allowed to and was ended. */
export class ScriptTimeoutError extends MusterError {
  /** What it had written until then. */
  readonly stdout: Buffer;
  readonly stderr: Buffer;

  constructor(request: ShellRequest) {
    super(`the script was ended after ${(request.options.timeoutMs ?? 0) / 1000} s`);
    this.stdout = request.output('stdout');
    this.stderr = request.output('stderr');
  }
}
