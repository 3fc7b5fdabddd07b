"""The workbooks the toolkit makes: inputs, live function calls, and the values as computed when written."""
