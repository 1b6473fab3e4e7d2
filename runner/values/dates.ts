import {
  type CalendarFields,
  dayNumber,
  dayOfYear,
  fieldsOf,
  isoWeek,
  localFields,
  offsetText,
  pad,
  wallSeconds,
  weekday,
} from './calendar.ts';
import { numberOf } from './compare.ts';
import { Float, float, PyFunction, PyObject, tuple } from './objects.ts';
import { toText } from './print.ts';
import { localOffset, strftime } from './strftime.ts';
import type { Dict, Value } from './types.ts';

const secondsPerDay = 86_400;

/** What templates may use of an object: its attributes and its methods. */
interface Members<Self> {
  readonly attributes?: Readonly<Record<string, (self: Self) => Value>>;
  readonly methods: Readonly<Record<string, (self: Self, args: readonly Value[], kwargs: Dict) => Value>>;
}

const memberOf = <Self>({ attributes = {}, methods }: Members<Self>, self: Self, name: string): Value | undefined => {
  if (Object.hasOwn(attributes, name)) return attributes[name]!(self);
  if (!Object.hasOwn(methods, name)) return undefined;
  return new PyFunction(name, (args, kwargs) => methods[name]!(self, args, kwargs));
};

const replaced = <Fields extends CalendarFields>(fields: Fields, args: readonly Value[], kwargs: Dict): Fields => {
  const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const;
  const changes: Record<string, number> = {};
  names.forEach((name, index) => {
    const value = numberOf(args[index] ?? kwargs.get(name) ?? null);
    if (value !== undefined) changes[name] = Number(value);
  });
  return { ...fields, ...changes };
};

const timeTuple = (fields: CalendarFields): Value =>
  tuple([
    fields.year,
    fields.month,
    fields.day,
    fields.hour,
    fields.minute,
    fields.second,
    weekday(fields),
    dayOfYear(fields),
    -1,
  ]);

const calendarMembers: Members<PyDate | PyDateTime> = {
  attributes: {
    year: ({ fields }) => fields.year,
    month: ({ fields }) => fields.month,
    day: ({ fields }) => fields.day,
  },
  methods: {
    weekday: ({ fields }) => weekday(fields),
    isoweekday: ({ fields }) => weekday(fields) + 1,
    isocalendar: ({ fields }) => {
      const { year, week } = isoWeek(fields);
      return tuple([year, week, weekday(fields) + 1]);
    },
    toordinal: ({ fields }) => dayNumber(fields.year, fields.month, fields.day) + 719_163,
    ctime: ({ fields }) => strftime('%a %b %e %H:%M:%S %Y', fields),
    timetuple: ({ fields }) => timeTuple(fields),
    strftime: ({ fields }, args, kwargs) => strftime(toText(args[0] ?? kwargs.get('format') ?? ''), fields, true),
  },
};

/** Python's datetime.date. */
export class PyDate extends PyObject {
  override readonly typeName = 'date';
  readonly fields: CalendarFields;

  constructor(year: number, month: number, day: number) {
    super();
    this.fields = { year, month, day, hour: 0, minute: 0, second: 0, microsecond: 0 };
  }
  override toText(): string {
    return `${pad(this.fields.year, 4)}-${pad(this.fields.month, 2)}-${pad(this.fields.day, 2)}`;
  }
  override toRepr(): string {
    return `datetime.date(${this.fields.year}, ${this.fields.month}, ${this.fields.day})`;
  }
  override attribute(name: string): Value | undefined {
    return memberOf(dateMembers, this, name) ?? memberOf(calendarMembers, this, name);
  }
  override equals(other: Value): boolean {
    return other instanceof PyDate && wallSeconds(this.fields) === wallSeconds(other.fields);
  }
  override compare(other: Value): number | undefined {
    return other instanceof PyDate ? wallSeconds(this.fields) - wallSeconds(other.fields) : undefined;
  }
  override operate(operator: string, other: Value, isLeft: boolean): Value | undefined {
    if (other instanceof PyDate && operator === '-') {
      const [left, right] = isLeft ? [this, other] : [other, this];
      return new PyTimedelta(wallSeconds(left.fields) - wallSeconds(right.fields));
    }
    if (!(other instanceof PyTimedelta) || !(operator === '+' || (operator === '-' && isLeft))) return undefined;
    const days = Math.floor(other.seconds / secondsPerDay) * (operator === '+' ? 1 : -1);
    return dateOf(fieldsOf(wallSeconds(this.fields) + days * secondsPerDay));
  }
}

const dateOf = ({ year, month, day }: CalendarFields): PyDate => new PyDate(year, month, day);

const dateMembers: Members<PyDate> = {
  methods: {
    isoformat: (self) => self.toText(),
    replace: ({ fields }, args, kwargs) => dateOf(replaced(fields, args, kwargs)),
  },
};

/** Python's datetime.datetime; naive unless `fields.offset` is given. */
export class PyDateTime extends PyObject {
  override readonly typeName = 'datetime';
  readonly fields: CalendarFields;

  constructor(fields: CalendarFields) {
    super();
    this.fields = fields;
  }
  /** ISO 8601 with `separator` between date and time. */
  isoformat(separator = 'T'): string {
    const { fields } = this;
    const fraction = fields.microsecond === 0 ? '' : `.${pad(fields.microsecond, 6)}`;
    const offset = fields.offset === undefined ? '' : offsetText(fields.offset, ':');
    return (
      strftime(`${pad(fields.year, 4)}-%m-%d`, fields) + separator + strftime('%H:%M:%S', fields) + fraction + offset
    );
  }
  /** Seconds since 1970, without the fraction. */
  get epoch(): number {
    return wallSeconds(this.fields) - (this.fields.offset ?? localOffset(this.fields));
  }
  override toText(): string {
    return this.isoformat(' ');
  }
  override toRepr(): string {
    const { year, month, day, hour, minute, second, microsecond, offset } = this.fields;
    const parts: (number | string)[] = [year, month, day, hour, minute];
    if (second !== 0 || microsecond !== 0) parts.push(second);
    if (microsecond !== 0) parts.push(microsecond);
    if (offset !== undefined) {
      const zone = offset === 0 ? 'utc' : `timezone(${new PyTimedelta(offset).toRepr()})`;
      parts.push(`tzinfo=datetime.${offset === 0 ? 'timezone.' : ''}${zone}`);
    }
    return `datetime.datetime(${parts.join(', ')})`;
  }
  override toJson(): Value {
    return this.isoformat();
  }
  override attribute(name: string): Value | undefined {
    return memberOf(dateTimeMembers, this, name) ?? memberOf(calendarMembers, this, name);
  }
  override equals(other: Value): boolean {
    return other instanceof PyDateTime && this.compare(other) === 0;
  }
  override compare(other: Value): number | undefined {
    if (!(other instanceof PyDateTime)) return undefined;
    const distance = difference(this, other);
    return distance === undefined ? undefined : distance.seconds || distance.microseconds;
  }
  override operate(operator: string, other: Value, isLeft: boolean): Value | undefined {
    if (other instanceof PyDateTime && operator === '-')
      return isLeft ? difference(this, other) : difference(other, this);
    if (!(other instanceof PyTimedelta) || !(operator === '+' || (operator === '-' && isLeft))) return undefined;
    const sign = operator === '+' ? 1 : -1;
    const micro = this.fields.microsecond + sign * other.microseconds;
    const carry = Math.floor(micro / 1e6);
    return new PyDateTime({
      ...fieldsOf(wallSeconds(this.fields) + sign * other.seconds + carry, micro - carry * 1e6),
      offset: this.fields.offset,
      zone: this.fields.zone,
    });
  }
}

const difference = (left: PyDateTime, right: PyDateTime): PyTimedelta | undefined => {
  const leftOffset = left.fields.offset;
  const rightOffset = right.fields.offset;
  // Python refuses to mix naive and aware moments.
  if ((leftOffset === undefined) !== (rightOffset === undefined)) return undefined;
  return new PyTimedelta(
    wallSeconds(left.fields) - (leftOffset ?? 0) - (wallSeconds(right.fields) - (rightOffset ?? 0)),
    left.fields.microsecond - right.fields.microsecond,
  );
};

const dateTimeMembers: Members<PyDateTime> = {
  attributes: {
    hour: ({ fields }) => fields.hour,
    minute: ({ fields }) => fields.minute,
    second: ({ fields }) => fields.second,
    microsecond: ({ fields }) => fields.microsecond,
    tzinfo: ({ fields }) => (fields.offset === undefined ? null : zoneText(fields)),
  },
  methods: {
    isoformat: (self, args, kwargs) => self.isoformat(toText(args[0] ?? kwargs.get('sep') ?? 'T')),
    timestamp: (self) => float(self.epoch + self.fields.microsecond / 1e6),
    date: ({ fields }) => dateOf(fields),
    time: (self) =>
      self
        .isoformat()
        .slice(11)
        .replace(/[+-]\d\d:.*$/, ''),
    replace: ({ fields }, args, kwargs) => new PyDateTime(replaced(fields, args, kwargs)),
    astimezone: (self) => new PyDateTime(localFields(self.epoch, self.fields.microsecond)),
    utcoffset: ({ fields }) => (fields.offset === undefined ? null : new PyTimedelta(fields.offset)),
    tzname: ({ fields }) => (fields.offset === undefined ? null : zoneText(fields)),
  },
};

const zoneText = ({ offset, zone }: CalendarFields): string =>
  zone ?? (offset === 0 ? 'UTC' : `UTC${offsetText(offset ?? 0, ':')}`);

/** Python's datetime.timedelta: whole seconds of either sign and 0 … 999,999 microseconds more. */
export class PyTimedelta extends PyObject {
  override readonly typeName = 'timedelta';
  readonly seconds: number;
  readonly microseconds: number;

  constructor(seconds: number, microseconds = 0) {
    super();
    const carry = Math.floor(microseconds / 1e6);
    this.seconds = seconds + carry;
    this.microseconds = microseconds - carry * 1e6;
  }
  get days(): number {
    return Math.floor(this.seconds / secondsPerDay);
  }
  get rest(): number {
    return this.seconds - this.days * secondsPerDay;
  }
  get total(): number {
    return this.seconds + this.microseconds / 1e6;
  }
  override toText(): string {
    const { days, rest, microseconds } = this;
    const day = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
    const time = `${Math.floor(rest / 3600)}:${pad(Math.floor(rest / 60) % 60, 2)}:${pad(rest % 60, 2)}`;
    return day + time + (microseconds === 0 ? '' : `.${pad(microseconds, 6)}`);
  }
  override toRepr(): string {
    const parts = [`days=${this.days}`, `seconds=${this.rest}`, `microseconds=${this.microseconds}`];
    const shown = parts.filter((part) => !part.endsWith('=0'));
    return `datetime.timedelta(${shown.length === 0 ? '0' : shown.join(', ')})`;
  }
  override attribute(name: string): Value | undefined {
    return memberOf(timedeltaMembers, this, name);
  }
  override isTrue(): boolean {
    return this.seconds !== 0 || this.microseconds !== 0;
  }
  override equals(other: Value): boolean {
    return other instanceof PyTimedelta && this.compare(other) === 0;
  }
  override compare(other: Value): number | undefined {
    if (!(other instanceof PyTimedelta)) return undefined;
    return this.seconds - other.seconds || this.microseconds - other.microseconds;
  }
  override operate(operator: string, other: Value, isLeft: boolean): Value | undefined {
    if (other instanceof PyTimedelta) {
      const [left, right] = isLeft ? [this, other] : [other, this];
      if (operator === '+')
        return new PyTimedelta(left.seconds + right.seconds, left.microseconds + right.microseconds);
      if (operator === '-')
        return new PyTimedelta(left.seconds - right.seconds, left.microseconds - right.microseconds);
      if (operator === '/') return float(left.total / right.total);
      return operator === '//' ? Math.floor(left.total / right.total) : undefined;
    }
    const factor = numberOf(other);
    if (factor === undefined) return undefined;
    if (operator === '*') return scaled(this, Number(factor));
    if (operator === '/' && isLeft) return scaled(this, 1 / Number(factor));
    return operator === '//' && isLeft && !(other instanceof Float) ? scaled(this, 1 / Number(factor)) : undefined;
  }
}

const scaled = (delta: PyTimedelta, factor: number): PyTimedelta =>
  new PyTimedelta(0, Math.round((delta.seconds * 1e6 + delta.microseconds) * factor));

const timedeltaMembers: Members<PyTimedelta> = {
  attributes: {
    days: ({ days }) => days,
    seconds: ({ rest }) => rest,
    microseconds: ({ microseconds }) => microseconds,
  },
  methods: {
    total_seconds: ({ total }) => float(total),
  },
};
