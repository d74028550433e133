"""The command `gateway`, also `python -m gateway`. Light on purpose: each worker process for CPU-bound steps begins by
importing the main module, and must not pay for the whole command line in time and memory."""


def main() -> None:
    """Run the command line."""
    from gateway.cli.main import main as run  # noqa: PLC0415 - see above

    run()


if __name__ == "__main__":
    main()
