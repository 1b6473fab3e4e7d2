import { PyObject, type Value } from '../../values/index.ts';

/** What `value.__class__` gives: only its name can be read. */
export class PyType extends PyObject {
  override readonly typeName = 'type';
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
  override toText(): string {
    return `<class '${qualified[this.name] ?? this.name}'>`;
  }
  override equals(other: Value): boolean {
    return other instanceof PyType && other.name === this.name;
  }
  override attribute(name: string): Value | undefined {
    return name === '__name__' || name === '__qualname__' ? this.name : undefined;
  }
}

const qualified: Readonly<Record<string, string>> = {
  AnsibleUnicode: 'ansible.parsing.yaml.objects.AnsibleUnicode',
  AnsibleUndefined: 'ansible.template.AnsibleUndefined',
  datetime: 'datetime.datetime',
  date: 'datetime.date',
  timedelta: 'datetime.timedelta',
};
