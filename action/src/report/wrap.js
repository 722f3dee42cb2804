/** Text in lines of limited width, one column a character: right for every name the config allows. */
/** Breaks at spaces; a word that is too long for a line is cut into pieces. */
export function wrap(text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(' ').flatMap((whole) => pieces(whole, width))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
function pieces(word, width) {
  if (columnsOf(word) <= width) return [word];
  const characters = [...word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, i) =>
    characters.slice(i * width, (i + 1) * width).join(''),
  );
}
export function cut(text, width) {
  if (columnsOf(text) <= width) return text;
  const characters = [...text];
  while (columnsOf(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('')}…`;
}
/** One a character: right for every name the config allows; wide characters in a message only wrap a little late. */
export function columnsOf(text) {
  return [...text].length;
}
