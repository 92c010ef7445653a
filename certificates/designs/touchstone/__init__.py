"""The first design: interlaced waves around an ivory sheet, the stone with its streak of gold."""
