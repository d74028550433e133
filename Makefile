# Two commands matter: `make demo` and `make test`. Both install all that they need into ./.venv.
.DEFAULT_GOAL := help
