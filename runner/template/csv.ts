/** Rows of text in Python's "excel" dialect of CSV: fields may stand in double quotes, doubled inside. */
export const parseCsv = (text: string, delimiter: string, skipsSpace = false): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  let isStarted = false;
  const endField = (): void => {
    row.push(field);
    field = '';
    isStarted = false;
  };
  const endRow = (): void => {
    if (row.length > 0 || field !== '' || isStarted) endField();
    rows.push(row);
    row = [];
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') {
        field += '"';
        index++;
      } else isQuoted = false;
    } else if (character === '"' && !isStarted) {
      isQuoted = true;
      isStarted = true;
    } else if (character === delimiter) endField();
    else if (skipsSpace && !isStarted && character === ' ') continue;
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[index + 1] === '\n') index++;
      endRow();
    } else {
      field += character;
      isStarted = true;
    }
  }
  if (row.length > 0 || field !== '' || isStarted) endRow();
  return rows;
};
