const lengths: Readonly<Record<string, number>> = { '1': 22, '5': 43, '6': 86 };

/** Whether a password looks like a hash, or like one of the marks that disable an account. */
export const isHashed = (password: string): boolean => {
  if (password === '' || ['*', '!', '*************'].includes(password)) return true;
  if (/[:*!]/.test(password) || !password.includes('$')) return false;
  const fields = password.split('$');
  const hash = fields.at(-1)!;
  if (fields.length < 3 || /[^a-zA-Z0-9./=]/.test(hash)) return false;
  const length = lengths[fields[1]!];
  return length === undefined || hash.length === length;
};
