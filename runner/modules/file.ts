import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { fileReturns } from './shared/files/common-arguments.ts';
import { applyFileModule } from './shared/files/file-apply.ts';
import { fileModuleArguments } from './shared/files/file-arguments.ts';
import { planHardLink, planLink } from './shared/files/file-links.ts';
import { probeFileModule } from './shared/files/file-probe.ts';
import { planAbsent, planDirectory, planPlainFile, planTouch, warnOfUnknown } from './shared/files/file-states.ts';
import { stateOf } from './shared/files/path-info.ts';

export default defineModule({
  name: 'ansible.builtin.file',
  summary: 'Makes files, folders and links, removes them, and sets their owners, modes and times.',
  args: fileModuleArguments,
  returns: {
    path: 'The path, for all states but link, hard and touch.',
    dest: 'The path, for link, hard and touch.',
    src: 'What a link leads to.',
    ...fileReturns,
  },
  returnsDiff: true,
  looksFirst: true,
  supports: { check: 'full', diff: true },
  probe: probeFileModule,
  diff(state, args, context) {
    const now = stateOf(state.file.own);
    const wanted = args.state ?? (now !== 'absent' ? now : args.recurse ? 'directory' : 'file');
    const { path } = state.file;
    if (args.recurse && wanted !== 'directory') {
      throw new ModuleFailure("recurse option requires state to be 'directory'", { path });
    }
    if (args.src !== undefined && args.src !== '' && wanted !== 'link' && wanted !== 'hard') {
      throw new ModuleFailure("src option requires state to be 'link' or 'hard'", { path });
    }
    switch (wanted) {
      case 'absent':
        return planAbsent(state, context);
      case 'directory':
        return planDirectory(state, args, context);
      case 'link':
        return planLink(state, args, context);
      case 'hard':
        return planHardLink(state, args);
      case 'touch':
        return planTouch(state, args, context);
      default:
        if (now === 'absent') warnOfUnknown(state, args, context);
        return planPlainFile(state, args);
    }
  },
  apply: (plan, _args, context) => applyFileModule(plan, context),
});
