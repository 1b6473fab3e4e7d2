import { PyDate, PyDateTime } from '../../values/index.ts';

const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/;
const timestampForm =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?$/;

/** A date or a point in time as YAML 1.1 spells them; undefined for other text. Throws RangeError for impossible dates. */
export const parseTimestamp = (text: string): PyDate | PyDateTime | undefined => {
  const date = dateForm.exec(text);
  if (date !== null) {
    const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
    checkDate(text, year, month, day);
    return new PyDate(year, month, day);
  }
  const match = timestampForm.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  checkDate(text, year, month, day);
  if (hour > 23 || minute > 59 || second > 59) throw new RangeError(`'${text}' is not a possible time`);
  const microsecond = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  const fields = { year, month, day, hour, minute, second, microsecond };
  if (match[8] !== undefined) return new PyDateTime({ ...fields, offset: 0 });
  if (match[9] === undefined) return new PyDateTime(fields);
  const offset = Number(match[10]) * 3600 + Number(match[11] ?? 0) * 60;
  return new PyDateTime({ ...fields, offset: match[9] === '-' ? -offset : offset });
};

const checkDate = (text: string, year: number, month: number, day: number): void => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year === 0 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    throw new RangeError(`'${text}' is not a possible date`);
  }
};
