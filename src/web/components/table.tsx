import type { Child } from '#web/jsx/html.ts';

export interface Column<Row> {
  label: string;
  cell: (row: Row) => Child;
  /** Figures stand at the end of the cell and under each other. */
  numeric?: boolean | undefined;
  /** The cell that names the row. */
  head?: boolean | undefined;
  /** The label is not shown, for a column of buttons. */
  quiet?: boolean | undefined;
}

interface TableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  /** What stands there when there are no rows. */
  empty?: Child;
}

/** On a phone each row is a block, with the column's label beside each value. */
export function Table<Row>({ caption, columns, rows, empty }: TableProps<Row>) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <table class="table" data-part="table">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr role="row">
          {columns.map((column) => (
            <th scope="col" role="columnheader" data-numeric={column.numeric ? '' : undefined}>
              {column.quiet ? <span class="visually-hidden">{column.label}</span> : column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr role="row">
            {columns.map((column) => (
              <Cell column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/* The roles are written out because `display: block`, which the phone needs, takes them away. */
function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = <div class="cell">{column.cell(row)}</div>;
  const attributes = {
    'data-numeric': column.numeric ? '' : undefined,
    'data-label': column.quiet ? undefined : column.label,
  };
  return column.head ? (
    <th scope="row" role="rowheader" {...attributes}>
      {content}
    </th>
  ) : (
    <td role="cell" {...attributes}>
      {content}
    </td>
  );
}
