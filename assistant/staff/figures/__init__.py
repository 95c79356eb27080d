"""How figures are shown: tables, charts, files for a spreadsheet."""
