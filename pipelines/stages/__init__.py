"""Stages that pipelines share: extraction, reduction, sections, and what is kept between them."""
