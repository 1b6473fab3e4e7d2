// What follows a run: commands, webhooks, mails.
import type { ScheduleContext } from '../context.ts';
import { runCommand } from '../runs/command.ts';
import type { Hook } from '../types.ts';
import { sendMail } from './mail.ts';
import { environmentOf, type HookReport } from './report.ts';
import { callWebhook } from './webhook.ts';

export { type HookReport, reportOf } from './report.ts';

/** Runs hooks one after the other. One that fails is told of in the log, and keeps no other from running. */
export const runHooks = async (context: ScheduleContext, hooks: readonly Hook[], report: HookReport): Promise<void> => {
  for (const hook of hooks) {
    const fields = { schedule: report.schedule, hook: hook.kind, on: report.event, run: report.run };
    try {
      await runHook(context, hook, report);
      context.log('info', 'hook_done', fields);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.log('error', 'hook_failed', { ...fields, reason });
    }
  }
};

const runHook = async (context: ScheduleContext, hook: Hook, report: HookReport): Promise<void> => {
  if (hook.kind === 'webhook') return callWebhook(report, hook, context.reveal);
  if (hook.kind === 'mail') return sendMail(report, hook, context.schedules.mail!, context.reveal);
  const failure = await runCommand(hook.command, {
    folder: context.schedules.folder,
    env: { ...process.env, ...environmentOf(report) },
    timeout: hook.timeout,
    input: `${JSON.stringify(report)}\n`,
  });
  if (failure !== undefined) throw new Error(failure);
};
