import type { Json } from '../../runner/values/index.ts';
import type { IsMeant } from '../twins/results.ts';

/** What is meant to differ. */
export const isMeant: IsMeant = ({ task, status }, value, mine, its) =>
  // The libraries tell of their own.
  /^connector_(name|version)$/.test(value) ||
  // A failure tells what was executed, and the server's reason; the words around that are each program's own.
  (status.startsWith('failed') && value === 'msg' && sameReason(mine, its)) ||
  // The command line is each program's own, and what matters of it shows in the dump.
  (task.startsWith('db ') && value === 'executed_commands' && /mysql/.test(JSON.stringify(its))) ||
  // Integers too large for JSON's numbers are told as text.
  isLarge(mine, its) ||
  // Ansible tells of the file that it sent.
  (task.startsWith('write ') && /^(src|diff)$/.test(value)) ||
  // What the servers do not have in common, counters, and places in logs, to which muster writes less.
  /Position$|_(Log|log)_(Pos|Space|File)|Seconds_Behind|Connection_id|gtid_\w+_(pos|state)$|server_uid$|port$|Running_State$|IO_State$/i.test(
    value,
  ) ||
  (task === 'replication from the primary' && value === 'queries' && sameButPlace(mine, its));

const isLarge = (mine: Json | undefined, its: Json): boolean =>
  JSON.stringify(mine)?.replace(/"(\d{16,})"/g, (_, digits: string) => String(Number(digits))) === JSON.stringify(its);

const sameButPlace = (mine: Json | undefined, its: Json): boolean => {
  const plain = (text: Json | undefined): string => JSON.stringify(text).replace(/LOG_POS=\d+/, 'LOG_POS');
  return plain(mine) === plain(its);
};

/** Both name the server's error by the same number, or none. */
const sameReason = (mine: Json | undefined, its: Json): boolean => {
  const number = (text: Json | undefined): string | undefined => /\((\d{4}),/.exec(String(text))?.[1];
  return number(mine) !== undefined && number(mine) === number(its);
};
