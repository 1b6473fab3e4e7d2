/** TRANSFORM_INVALID_GROUP_CHARS. */
export type TransformGroupNames = 'always' | 'never' | 'ignore' | 'silently';

// A digit in front, and everything else that a variable's name may not have.
const invalid = /^\p{Nd}|[^\p{L}\p{N}_]/gu;

/** A group's name with the characters that a variable's name may not have replaced, where the setting says so. */
export const safeGroupName = (
  name: string,
  transform: TransformGroupNames,
  warn: (message: string) => void,
): string => {
  if (/^[A-Za-z_]\w*$/.test(name) || name.search(invalid) === -1) return name;
  if (transform === 'never') {
    warn('Invalid characters were found in group names but not replaced, use -vvvv to see details');
    return name;
  }
  if (transform === 'ignore') return name;
  if (transform === 'always') {
    warn('Invalid characters were found in group names and automatically replaced, use -vvvv to see details');
  }
  return name.replace(invalid, '_');
};

/** The same, always: what constructed groups are called. */
export const forcedGroupName = (name: string): string => name.replace(invalid, '_');
