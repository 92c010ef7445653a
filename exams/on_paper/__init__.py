"""An exam sat on paper: how a sealed paper is printed, and how what was written on a sheet is read."""
