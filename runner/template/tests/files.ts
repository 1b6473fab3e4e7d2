import { lstatSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { typeName, type Value } from '../../values/index.ts';
import { defineTest, type Test } from '../define.ts';
import { isText, text } from '../filters/support.ts';
import { intOf, templateError, typeError } from '../python/index.ts';

const pathOf = (value: Value): string => {
  if (isText(value)) return text(value);
  // Python takes a number for an open file.
  const number = intOf(value);
  if (number !== undefined) return `/dev/fd/${number}`;
  throw typeError(`stat: path should be string, bytes, os.PathLike or integer, not ${typeName(value)}`);
};

const requireText = (value: Value): string => {
  if (isText(value)) return text(value);
  throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
};

const statOf = (value: Value, follows = true): Stats | undefined => {
  try {
    return follows ? statSync(pathOf(value)) : lstatSync(pathOf(value));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
};

const isMount = (value: Value): boolean => {
  const own = statOf(value, false);
  if (!own || own.isSymbolicLink()) return false;
  const parent = statOf(path.join(pathOf(value), '..'), false);
  return parent !== undefined && (own.dev !== parent.dev || own.ino === parent.ino);
};

const isSameFile = (left: Value, right: Value): boolean => {
  const [one, other] = [left, right].map((value) => {
    const stat = statOf(value);
    if (!stat) throw templateError('other', `[Errno 2] No such file or directory: '${text(value)}'`);
    return stat;
  });
  return one!.dev === other!.dev && one!.ino === other!.ino;
};

/** Ansible's tests of the controller's files. */
export const fileTests: readonly Test[] = [
  defineTest('file is_file', 'path', (_, value) => statOf(value)?.isFile() ?? false),
  defineTest('directory is_dir', 'path', (_, value) => statOf(value)?.isDirectory() ?? false),
  defineTest('link is_link', 'path', (_, value) => statOf(value, false)?.isSymbolicLink() ?? false),
  defineTest('exists', 'path', (_, value) => statOf(value) !== undefined),
  defineTest('link_exists', 'path', (_, value) => statOf(value, false) !== undefined),
  defineTest('abs is_abs', 'path', (_, value) => requireText(value).startsWith('/')),
  defineTest('mount is_mount', 'path', (_, value) => isMount(value)),
  defineTest('same_file is_same_file', 'f1, f2', (_, left, right) => isSameFile(left, right)),
];
